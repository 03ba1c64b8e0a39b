/**
 * Conditions of Polars as SQL, where both are proven to choose the same rows: `test/push-down.test.ts` compares them on
 * hostile values. What is not proven gives undefined and stays in Polars alone, so a new type or operator starts there.
 *
 *   Q1. A condition may let more rows pass than Polars does, never fewer: Polars checks again.
 *   Q2. Only columns that a table stores are looked at: PostgreSQL may check conditions in any order, and a column that
 *       is computed could fail on rows that the query itself leaves out.
 *   Q3. Texts are compared by their bytes, as Polars does it: collation C, in a database of UTF-8.
 */
import { quoteIdentifier, type SqlTemplate, type SqlValue } from '@floe/database/target';
import type { Comparison, Literal, ParameterValue, RowCondition, RowValue } from '@floe/expression';
import { numericShape, type PostgresType } from '@floe/frame/columns';
import { boundsOfFloat } from './numeric-bound.ts';
import { toSqlValue } from './sql-value.ts';

/** What a condition may be about. */
export type ConditionScope = {
  /** Type of every column that is stored in a table. */
  readonly types: ReadonlyMap<string, PostgresType>;
  readonly isUtf8: boolean;
  readonly params: Readonly<Record<string, ParameterValue>>;
};

type Family =
  | 'boolean'
  | 'integer'
  | 'double'
  | 'numeric'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'timestamptz';

/** By type OID. Absent on purpose: real (compared in another width), char(n) (blanks), enums, citext, uuid. */
const FAMILIES: ReadonlyMap<number, Family> = new Map([
  [16, 'boolean'],
  [20, 'integer'],
  [21, 'integer'],
  [23, 'integer'],
  [25, 'text'],
  [701, 'double'],
  [1043, 'text'],
  [1082, 'date'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1700, 'numeric'],
]);

const OPERATORS: Readonly<Record<Comparison, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** The condition as a part of a statement, or undefined where it is not proven to mean the same. */
export function conditionToSql(
  condition: RowCondition,
  scope: ConditionScope,
): SqlTemplate | undefined {
  if (condition.kind === 'any') return alternatives(condition.branches, scope);
  const type = scope.types.get(condition.column);
  if (type === undefined) return undefined;
  const name = quoteIdentifier(condition.column);
  if (condition.kind === 'null') return [sql(`${name} is ${condition.isNull ? '' : 'not '}null`)];
  const family = FAMILIES.get(type.oid);
  if (family === undefined || (family === 'text' && !scope.isUtf8)) return undefined;
  if (condition.kind === 'true') return family === 'boolean' ? [sql(name)] : undefined;
  if (family === 'numeric') return numericToSql(condition, { name, type }, scope);
  const operand = family === 'text' ? `${name} collate "C"` : name;
  const isList = condition.kind === 'in';
  const values = isList ? condition.values : [condition.value];
  const bound = values.map((value) => boundValue(value, { family, isList }, scope));
  if (!bound.every((part) => part !== undefined)) return undefined;
  if (condition.kind === 'compare')
    return [sql(`${operand} ${OPERATORS[condition.operator]} `), ...bound];
  if (bound.length === 0) return [sql('false')];
  return [
    sql(`${operand} in (`),
    ...joined(
      bound.map((part) => [part]),
      ', ',
    ),
    sql(')'),
  ];
}

type Part = SqlTemplate[number];

/** Q1: a comparison with a float may become a wider one. Membership is not proven. */
function numericToSql(
  condition: RowCondition,
  { name, type }: { readonly name: string; readonly type: PostgresType },
  scope: ConditionScope,
): SqlTemplate | undefined {
  if (condition.kind !== 'compare') return undefined;
  const { operator, value } = condition;
  const given = value.kind === 'literal' ? fromLiteral(value.literal) : fromParameter(value, scope);
  const isFloat = given?.type === 'double precision';
  if (given?.type !== 'bigint' && !isFloat) return undefined;
  const bounds = isFloat
    ? boundsOfFloat(operator, Number(given.text), numericShape(type)?.precision ?? Infinity)
    : [{ operator, text: given.text }];
  const parts = bounds?.map((bound): SqlTemplate => {
    const source = value.kind === 'parameter' ? placeholderOf(value.name) : given.text;
    const { text } = bound;
    return [
      sql(`${name} ${OPERATORS[bound.operator]} `),
      { kind: 'value', source, value: { type: 'numeric', text } },
    ];
  });
  return parts === undefined ? undefined : joined(parts, ' and ');
}

const placeholderOf = (name: string): string => `\${{ params.${name} }}`;

const sql = (text: string): Part => ({ kind: 'sql', sql: text });

/** In an alternative a member that is not proven may be left out, as long as one stays (Q1). */
function alternatives(
  branches: readonly (readonly RowCondition[])[],
  scope: ConditionScope,
): SqlTemplate | undefined {
  const parts = branches.map((branch) => conjunction(branch, scope));
  if (!parts.every((part) => part !== undefined)) return undefined;
  return [sql('('), ...joined(parts, ' or '), sql(')')];
}

/** All members that are proven, or undefined where none is. */
export function conjunction(
  conditions: readonly RowCondition[],
  scope: ConditionScope,
): SqlTemplate | undefined {
  const parts = conditions.flatMap((condition) => {
    const part = conditionToSql(condition, scope);
    return part === undefined ? [] : [part];
  });
  return parts.length === 0 ? undefined : joined(parts, ' and ');
}

function joined(parts: readonly SqlTemplate[], separator: string): SqlTemplate {
  return parts.flatMap((part, index) => (index === 0 ? part : [sql(separator), ...part]));
}

type Place = { readonly family: Family; readonly isList: boolean };

/** The value in the column's own family, so that PostgreSQL converts nothing by rules of its own. */
function boundValue(value: RowValue, place: Place, scope: ConditionScope): Part | undefined {
  const given = value.kind === 'literal' ? fromLiteral(value.literal) : fromParameter(value, scope);
  const adapted = given === undefined ? undefined : adapt(given, place);
  if (adapted === undefined) return undefined;
  const source = value.kind === 'parameter' ? placeholderOf(value.name) : sourceOf(adapted);
  return { kind: 'value', source, value: adapted };
}

type PresentValue = Exclude<SqlValue, { type: 'null' }>;

function fromParameter(
  { name }: Extract<RowValue, { kind: 'parameter' }>,
  { params }: ConditionScope,
): PresentValue | undefined {
  const parameter = Object.hasOwn(params, name) ? params[name] : undefined;
  const value = parameter === undefined ? undefined : toSqlValue(name, parameter);
  return value === undefined || value.type === 'null' ? undefined : value;
}

function fromLiteral(literal: Literal): PresentValue | undefined {
  switch (literal.kind) {
    case 'boolean':
      return { type: 'boolean', text: String(literal.value) };
    case 'integer':
      return isInt64(literal.value) ? { type: 'bigint', text: literal.value } : undefined;
    case 'float':
      return { type: 'double precision', text: String(Number(literal.value)) };
    case 'string':
      return { type: 'text', text: literal.value };
    case 'date':
      return instantOf(BigInt(literal.days) * MICROSECONDS_OF_DAY, 'date');
    case 'datetime':
      return instantOf(
        BigInt(literal.microseconds),
        literal.timezone === null ? 'timestamp' : 'timestamptz',
        literal.timezone,
      );
    default:
      return undefined;
  }
}

const MICROSECONDS_OF_DAY = 86_400_000_000n;

function isInt64(text: string): boolean {
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** ISO text, to microseconds; zones other than UTC are left to Polars. */
function instantOf(
  microseconds: bigint,
  type: 'date' | 'timestamp' | 'timestamptz',
  zone: string | null = null,
): PresentValue | undefined {
  if (zone !== null && zone !== 'UTC') return undefined;
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((microseconds - rest) / 1_000n));
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const seconds = date.toISOString().slice(0, 19);
  if (type === 'date') return { type, text: seconds.slice(0, 10) };
  const text = `${seconds}.${String(rest).padStart(6, '0')}`;
  return { type, text: type === 'timestamp' ? text : `${text}Z` };
}

function adapt(value: PresentValue, { family, isList }: Place): PresentValue | undefined {
  switch (family) {
    case 'boolean':
      return value.type === 'boolean' ? value : undefined;
    case 'integer':
      return value.type === 'bigint' ? value : undefined;
    case 'double':
      return toDouble(value);
    case 'numeric':
      return undefined;
    case 'text':
      return value.type === 'text' && isStorable(value.text) ? value : undefined;
    case 'date':
      return value.type === 'date' ? value : undefined;
    case 'timestamp':
      // In a list Polars tells dates and timestamps apart.
      return value.type === 'date' && !isList
        ? { type: 'timestamp', text: `${value.text}T00:00:00` }
        : sameType(value, family);
    case 'timestamptz':
      return sameType(value, family);
  }
}

function sameType(value: PresentValue, type: SqlValue['type']): PresentValue | undefined {
  return value.type === type ? value : undefined;
}

function toDouble({ type, text }: PresentValue): PresentValue | undefined {
  if (type !== 'bigint' && type !== 'double precision') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { type: 'double precision', text: String(value) } : undefined;
}

/** No PostgreSQL text holds the character NUL, and none is sent half a character. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** How a value is shown to people. */
function sourceOf({ type, text }: PresentValue): string {
  const isPlain = type === 'bigint' || type === 'double precision' || type === 'boolean';
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}
