import { writeJson, type Json } from '../../json.ts';
import { lowerExpression } from '../../lower/lower-expression.ts';
import type { Expression } from '../../program.ts';

/**
 * What GROUP BY and ORDER BY must know of an expression. They are read off the form in which Polars has it, because its
 * SQL decides by that form.
 */
export type Facts = {
  /** The expression without its aliases: equal for equal expressions. */
  readonly text: string;
  /** The column that the expression is and nothing else, but for an alias. */
  readonly column: string | null;
  readonly isAliased: boolean;
  readonly isLiteral: boolean;
  readonly hasColumn: boolean;
  /** An aggregation, a number of rows or a window somewhere in it. */
  readonly reduces: boolean;
  /** As many rows as it likes, whatever it is computed from. */
  readonly isIndependent: boolean;
  /** Names of columns within functions other than operators. */
  readonly inFunctions: readonly string[];
};

/** The value of a parameter decides nothing of this. */
const anyValue = () => ({ kind: 'null' }) as const;

export function factsOf(expression: Expression): Facts {
  const json = lowerExpression(expression, anyValue);
  const isAliased = isNode(json, 'Alias');
  let inner = json;
  while (isNode(inner, 'Alias')) inner = memberOf(memberOf(inner, 'Alias'), '0');
  const found = { hasColumn: false, reduces: false, isIndependent: false };
  const inFunctions: string[] = [];
  visit(inner, { found, inFunctions, isInFunction: false });
  return {
    text: writeJson(inner),
    column: columnOf(inner),
    isAliased,
    isLiteral: isNode(inner, 'Literal'),
    ...found,
    inFunctions,
  };
}

type Visit = {
  readonly found: { hasColumn: boolean; reduces: boolean; isIndependent: boolean };
  readonly inFunctions: string[];
  readonly isInFunction: boolean;
};

const REDUCING: ReadonlySet<string> = new Set(['Agg', 'Len', 'Over', 'Rolling']);
const INDEPENDENT: ReadonlySet<string> = new Set([
  'Agg',
  'Len',
  'Explode',
  'Filter',
  'Gather',
  'Slice',
]);
/** Nodes with names and values in them that are no expressions. */
const LEAVES: ReadonlySet<string> = new Set(['Literal', 'Field']);

function visit(json: Json, context: Visit): void {
  if (json === 'Len') note(json, context);
  if (json === null || typeof json !== 'object') return;
  if (isList(json)) {
    for (const each of json) visit(each, context);
    return;
  }
  for (const [key, body] of Object.entries(json)) visitNode(key, body, context);
}

function visitNode(key: string, body: Json, context: Visit): void {
  if (LEAVES.has(key)) return;
  note(key, context);
  if (key === 'Column' || key === 'Selector') {
    context.found.hasColumn = true;
    if (context.isInFunction && typeof body === 'string') context.inFunctions.push(body);
    return;
  }
  if (key === 'Alias') return visit(memberOf(body, '0'), context);
  if (key !== 'Function') return visit(body, context);
  const isField = JSON.stringify(memberOf(body, 'function'), spelled).includes('FieldByName');
  visit(memberOf(body, 'input'), { ...context, isInFunction: context.isInFunction || !isField });
}

function note(key: string, { found }: Visit): void {
  if (REDUCING.has(key)) found.reduces = true;
  if (INDEPENDENT.has(key)) found.isIndependent = true;
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

const spelled = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

function memberOf(json: Json, key: string): Json {
  if (json === null || typeof json !== 'object') return null;
  return Object.hasOwn(json, key) ? ((json as Readonly<Record<string, Json>>)[key] ?? null) : null;
}

const isNode = (json: Json, key: string): boolean =>
  json !== null && typeof json === 'object' && Object.hasOwn(json, key);

function columnOf(json: Json): string | null {
  const name = memberOf(json, 'Column');
  return typeof name === 'string' ? name : null;
}
