import type { Expression, Literal } from '../program.ts';

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** What a column is compared with: known before the run, or a parameter of it. */
export type RowValue =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'parameter'; readonly name: string };

/** A condition that looks at one row and at plain columns of it. It is plain JSON. */
export type RowCondition =
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly operator: Comparison;
      readonly value: RowValue;
    }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly RowValue[] }
  | { readonly kind: 'null'; readonly column: string; readonly isNull: boolean }
  /** A Boolean column that has to be true. */
  | { readonly kind: 'true'; readonly column: string }
  /** One of these holds; each is true when all of its members are. None of them is empty. */
  | { readonly kind: 'any'; readonly branches: readonly (readonly RowCondition[])[] };

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * Conditions that every row fulfils for which the expression is true; what cannot be put so is left out. They may hold
 * for more rows than the expression, never for fewer.
 */
export function impliedConditions(expression: Expression): readonly RowCondition[] {
  const column = columnOf(expression);
  if (column !== undefined) return [{ kind: 'true', column }];
  if (expression.kind !== 'call') return [];
  const rule = RULES[expression.method];
  return rule === undefined ? [] : rule(expression);
}

const RULES: Readonly<Record<string, (call: Call) => readonly RowCondition[]>> = {
  and_: (call) => sides(call).flatMap(impliedConditions),
  or_: (call) => anyOf(sides(call).map(impliedConditions)),
  not_: ({ receiver }) => {
    const [inner, ...others] = receiver === null ? [] : impliedConditions(receiver);
    return inner?.kind === 'null' && others.length === 0
      ? [{ ...inner, isNull: !inner.isNull }]
      : [];
  },
  eq: (call) => compared(call, 'eq', 'eq'),
  ne: (call) => compared(call, 'ne', 'ne'),
  lt: (call) => compared(call, 'lt', 'gt'),
  le: (call) => compared(call, 'le', 'ge'),
  gt: (call) => compared(call, 'gt', 'lt'),
  ge: (call) => compared(call, 'ge', 'le'),
  is_null: (call) => nullTest(call, true),
  is_not_null: (call) => nullTest(call, false),
  is_in: oneOf,
  is_between: between,
};

/** One of several conjunctions; nothing where one of them says nothing. */
export function anyOf(branches: readonly (readonly RowCondition[])[]): readonly RowCondition[] {
  if (branches.some((branch) => branch.length === 0)) return [];
  return branches.length === 1 ? branches[0]! : [{ kind: 'any', branches }];
}

function sides(call: Call): readonly Expression[] {
  return [...(call.receiver === null ? [] : [call.receiver]), ...expressionsOf(call, 'other')];
}

function expressionsOf({ arguments: given }: Call, name: string): readonly Expression[] {
  const argument = given[name];
  return argument?.kind === 'expressions' ? argument.items : [];
}

function compared(call: Call, operator: Comparison, turned: Comparison): readonly RowCondition[] {
  const [left, right, ...others] = sides(call);
  if (left === undefined || right === undefined || others.length > 0) return [];
  return [...compare(left, operator, right), ...compare(right, turned, left)];
}

function compare(
  left: Expression,
  operator: Comparison,
  right: Expression,
): readonly RowCondition[] {
  const [column, value] = [columnOf(left), valueOf(right)];
  if (column === undefined || value === undefined) return [];
  return [{ kind: 'compare', column, operator, value }];
}

function nullTest({ receiver }: Call, isNull: boolean): readonly RowCondition[] {
  const column = receiver === null ? undefined : columnOf(receiver);
  return column === undefined ? [] : [{ kind: 'null', column, isNull }];
}

/** A null in the list, or nulls that equal each other, mean different things in Polars and SQL. */
function oneOf(call: Call): readonly RowCondition[] {
  const column = call.receiver === null ? undefined : columnOf(call.receiver);
  const [list, ...others] = expressionsOf(call, 'other');
  if (column === undefined || list?.kind !== 'list' || others.length > 0) return [];
  const values = list.items.map(valueOf).filter((value) => value !== undefined);
  if (values.length !== list.items.length || flagOf(call, 'nulls_equal') !== false) return [];
  return [{ kind: 'in', column, values }];
}

function between(call: Call): readonly RowCondition[] {
  const [lower] = expressionsOf(call, 'lower_bound');
  const [upper] = expressionsOf(call, 'upper_bound');
  const closed = constantOf(call, 'closed');
  if (call.receiver === null || lower === undefined || upper === undefined) return [];
  if (closed?.kind !== 'string') return [];
  const withLower = closed.value === 'both' || closed.value === 'left';
  const withUpper = closed.value === 'both' || closed.value === 'right';
  return [
    ...compare(call.receiver, withLower ? 'ge' : 'gt', lower),
    ...compare(call.receiver, withUpper ? 'le' : 'lt', upper),
  ];
}

function constantOf({ arguments: given }: Call, name: string): Literal | undefined {
  const argument = given[name];
  const constant = argument?.kind === 'constants' ? argument.items[0] : undefined;
  return constant?.kind === 'literal' ? constant.literal : undefined;
}

function flagOf(call: Call, name: string): boolean | undefined {
  const literal = constantOf(call, name);
  return literal?.kind === 'boolean' ? literal.value : undefined;
}

/** A name like `^a.*$` chooses columns by a pattern. */
function columnOf(expression: Expression): string | undefined {
  if (expression.kind !== 'columns' || expression.selector.kind !== 'names') return undefined;
  const { names, isMultiple } = expression.selector;
  const [only, ...others] = names;
  if (only === undefined || others.length > 0 || isMultiple) return undefined;
  return only.name.startsWith('^') && only.name.endsWith('$') ? undefined : only.name;
}

function valueOf(expression: Expression): RowValue | undefined {
  if (expression.kind === 'parameter') return { kind: 'parameter', name: expression.name };
  if (expression.kind !== 'literal' || expression.literal.kind === 'null') return undefined;
  return { kind: 'literal', literal: expression.literal };
}
