import { FloeError, type Violation, nearestName } from '@floe/errors';
import { type Column, type Schema, formatDataType } from '@floe/expression';
import { type PostgresColumn, type PostgresType, postgresTypeFor } from './postgres-types.ts';
import { chooseEncoder } from './choose-encoder.ts';

/** A column of a table, as far as it matters to a load. */
export type TargetColumn = PostgresColumn & {
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** PostgreSQL computes it always, so that no value can be given. */
  readonly isGenerated: boolean;
};

/** One column of the dataset and the column of the table that it goes to. */
export type LoadColumn = {
  readonly source: string;
  readonly target: PostgresColumn;
  /** Set when the values travel as another type, mostly text, that PostgreSQL then turns into that of the target. */
  readonly through?: PostgresType;
};

/** The columns of a load, in the order of the dataset. */
export type LoadPlan = readonly LoadColumn[];

/** Frame column to table column. A column that is not named keeps its name. */
export type ColumnNames = Readonly<Record<string, string>>;

export type LoadPolicy = {
  /** Whether PostgreSQL may convert what does not fit exactly, as it does for an INSERT. */
  readonly convert?: boolean;
  /** For messages. */
  readonly tableName?: string;
};

/**
 * Decides, before the first byte is sent, which column of the dataset goes to which column of the table.
 * Widening that keeps every value is allowed; integers may also go to narrower ones, where each value is checked.
 * Errors: COLUMN_MISMATCH with all misfits at once: columns that the table lacks, columns that it wants, wrong types.
 */
export function planLoadColumns(
  schema: Schema,
  table: readonly TargetColumn[],
  names: ColumnNames = {},
  policy: LoadPolicy = {},
): LoadPlan {
  const violations = findUnknownNames(schema, names);
  const plan: LoadColumn[] = [];
  for (const column of schema) {
    const target = table.find((each) => each.name === targetName(column.name, names));
    const misfit = findMisfit(column, target, { table, names, policy });
    if (misfit !== undefined) violations.push(misfit);
    else if (target !== undefined) plan.push(toLoadColumn(column, target, policy));
  }
  violations.push(...findDoubledTargets(schema, names), ...findMissing(schema, table, names));
  if (violations.length > 0) throw mismatch(violations);
  return plan;
}

function toLoadColumn(
  { name, type }: Column,
  { name: targetName, type: targetType }: PostgresColumn,
  policy: LoadPolicy,
): LoadColumn {
  const target = { name: targetName, type: targetType };
  const choice = chooseEncoder(type, targetType, policy);
  const through = choice.kind === 'text' && { through: choice.through };
  return { source: name, target, ...through };
}

/** The columns of a table that is to be made for a dataset. Errors: COLUMN_MISMATCH. */
export type NewColumn = { readonly name: string; readonly type: string };

export function tableColumnsFor(schema: Schema, names: ColumnNames = {}): readonly NewColumn[] {
  const violations: Violation[] = [];
  const columns = schema.flatMap((column) => {
    const type = postgresTypeFor(column.type);
    if (type !== undefined) return [{ name: targetName(column.name, names), type }];
    violations.push({
      field: column.name,
      message: `column "${column.name}" is ${formatDataType(column.type)}, which no table column holds exactly`,
      hint: nestedHint(column),
    });
    return [];
  });
  if (violations.length > 0) throw mismatch(violations);
  return columns;
}

function targetName(name: string, names: ColumnNames): string {
  return Object.hasOwn(names, name) ? names[name]! : name;
}

/** More are a wrong table rather than wrong columns, and nobody reads them in one line. */
const SHOWN_VIOLATIONS = 8;

function mismatch(violations: readonly Violation[]): FloeError {
  const shown = violations.slice(0, SHOWN_VIOLATIONS);
  const more = violations.length - shown.length;
  const message = [
    ...shown.map((each) => each.message),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('; ');
  const hint = shown.flatMap((each) => each.hint ?? []).join('; ');
  return new FloeError('COLUMN_MISMATCH', message, { violations, hint });
}

function findUnknownNames(schema: Schema, names: ColumnNames): Violation[] {
  const known = schema.map((column) => column.name);
  return Object.keys(names)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: name,
      message: `the task maps column "${name}", which its input does not have`,
      hint: didYouMean(name, known),
    }));
}

function findDoubledTargets(schema: Schema, names: ColumnNames): Violation[] {
  const targets = schema.map((column) => targetName(column.name, names));
  const doubled = new Set(targets.filter((name, index) => targets.indexOf(name) !== index));
  return [...doubled].map((name) => ({
    field: name,
    message: `several columns of the input go to table column "${name}"`,
    hint: 'drop all but one in the transform',
  }));
}

function tableIn({ tableName }: LoadPolicy): string {
  return tableName === undefined ? 'the table' : `table "${tableName}"`;
}

type Context = {
  readonly table: readonly TargetColumn[];
  readonly names: ColumnNames;
  readonly policy: LoadPolicy;
};

function findMisfit(
  column: Column,
  target: TargetColumn | undefined,
  { table, names, policy }: Context,
): Violation | undefined {
  const name = targetName(column.name, names);
  if (target === undefined)
    return {
      field: column.name,
      message: `${tableIn(policy)} has no column "${name}"`,
      hint: didYouMean(
        name,
        table.map((each) => each.name),
      ),
    };
  if (target.isGenerated)
    return {
      field: column.name,
      message: `the table generates column "${name}" itself`,
      hint: `drop "${column.name}" in the transform`,
    };
  const choice = chooseEncoder(column.type, target.type, policy);
  if (choice.kind !== 'misfit') return undefined;
  return {
    field: column.name,
    message: `column "${column.name}" is ${formatDataType(column.type)}, the table's "${name}" is ${target.type.name}`,
    hint: nestedHint(column) ?? choice.hint,
  };
}

function nestedHint(column: Column): string | undefined {
  if (column.type.kind === 'list') return `use .list.join(",") or explode "${column.name}"`;
  if (column.type.kind === 'array') return `use .arr.to_list().list.join(",") on "${column.name}"`;
  if (column.type.kind === 'struct') return `unnest "${column.name}"`;
  if (column.type.kind === 'duration') return '.dt.total_microseconds() gives a number';
  return undefined;
}

function findMissing(
  schema: Schema,
  table: readonly TargetColumn[],
  names: ColumnNames,
): Violation[] {
  const given = new Set(schema.map((column) => targetName(column.name, names)));
  return table
    .filter((column) => !given.has(column.name))
    .filter((column) => !column.isNullable && !column.hasDefault && !column.isGenerated)
    .map((column) => ({
      field: column.name,
      message: `the table wants a value for column "${column.name}" (${column.type.name}, not null), which the input lacks`,
      hint: `add "${column.name}" in the transform or give the table column a default`,
    }));
}

function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (known.length === 0) return 'it has no columns';
  return nearest === undefined ? `it has: ${known.join(', ')}` : `did you mean "${nearest}"?`;
}
