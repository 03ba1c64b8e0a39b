import type { SqlExpression } from '../sql-syntax.ts';

/** Conditions of which all must hold, as AND connects them. */
export function conjunctsOf(condition: SqlExpression): readonly SqlExpression[] {
  const found: SqlExpression[] = [];
  const waiting = [condition];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (each.kind === 'binary' && each.operator === 'and') waiting.push(each.right, each.left);
    else found.push(each);
  }
  return found;
}

type Name = Extract<SqlExpression, { kind: 'name' }>;

/** Columns that an expression names, but not those of queries in it. */
export function namesIn(expression: SqlExpression): readonly Name[] {
  const found: Name[] = [];
  const waiting: SqlExpression[] = [expression];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (each.kind === 'name') found.push(each);
    else waiting.push(...partsOf(each).toReversed());
  }
  return found;
}

export function partsOf(expression: SqlExpression): readonly SqlExpression[] {
  switch (expression.kind) {
    case 'unary':
    case 'is':
    case 'cast':
    case 'inQuery':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'in':
      return [expression.operand, ...expression.items];
    case 'like':
      return [expression.operand, expression.pattern];
    case 'case': {
      const { operand, branches, otherwise } = expression;
      return [operand, ...branches.flat(), otherwise].filter((each) => each !== null);
    }
    case 'call': {
      const { orderBy, filter, over } = expression;
      const window =
        over === null ? [] : [...over.partitionBy, ...over.orderBy.map(({ by }) => by)];
      const own = [...expression.arguments, ...orderBy.map(({ by }) => by)];
      return filter === null ? [...own, ...window] : [...own, filter, ...window];
    }
    default:
      return [];
  }
}
