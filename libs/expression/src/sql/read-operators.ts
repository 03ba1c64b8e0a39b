import { readType } from './read-type.ts';
import type { Reader } from './reader.ts';
import type { SqlExpression } from './sql-syntax.ts';

/** How strongly each operator binds, as in the SQL of Polars. */
const BINDING: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    or: 5,
    and: 10,
    '->': 16,
    '->>': 16,
    '#>': 16,
    '#>>': 16,
    '=': 20,
    '==': 20,
    '<>': 20,
    '!=': 20,
    '<': 20,
    '<=': 20,
    '>': 20,
    '>=': 20,
    '<=>': 20,
    '~': 20,
    '~*': 20,
    '!~': 20,
    '!~*': 20,
    '~~': 20,
    '~~*': 20,
    '!~~': 20,
    '!~~*': 20,
    '|': 21,
    '&': 23,
    xor: 24,
    '+': 30,
    '-': 30,
    '*': 40,
    '/': 40,
    '//': 40,
    '%': 40,
    '||': 40,
    '^@': 50,
  }),
);

const IS = 17;
const LIKE = 19;
const RANGE = 20;
const CAST = 50;

/** The operator behind `left` and what stands right of it; null where none binds that strongly. */
export function readInfix(
  reader: Reader,
  left: SqlExpression,
  binding: number,
): SqlExpression | null {
  const { cursor, expression } = reader;
  const { from } = left.span;
  const operatorSpan = cursor.here();
  if (cursor.isAtMark('::') && binding < CAST) {
    cursor.next();
    const type = readType(cursor);
    return { kind: 'cast', operand: left, type, isStrict: true, span: cursor.since(from) };
  }
  const word = readWordOperator(reader, left, binding);
  if (word !== null) return word;
  const piece = cursor.peek();
  const operator = piece?.kind === 'word' ? piece.text.toLowerCase() : piece?.text;
  const own =
    piece?.kind === 'quotedName' || piece?.kind === 'string'
      ? undefined
      : BINDING.get(operator ?? '');
  if (operator === undefined || own === undefined || own <= binding) return null;
  cursor.next();
  if (cursor.isAt('any') || cursor.isAt('all')) return readQuantified(reader, operator, from);
  const right = expression(own);
  return { kind: 'binary', operator, left, right, span: cursor.since(from), operatorSpan };
}

function readQuantified(reader: Reader, operator: string, from: number): SqlExpression {
  reader.cursor.next();
  reader.expression(RANGE);
  return {
    kind: 'unfollowed',
    what: `${operator} ANY or ALL`,
    span: reader.cursor.since(from),
  };
}

function readWordOperator(
  reader: Reader,
  operand: SqlExpression,
  binding: number,
): SqlExpression | null {
  const { cursor } = reader;
  if (cursor.isAt('is')) return binding < IS ? readIs(reader, operand) : null;
  const ahead = cursor.isAt('not') ? 1 : 0;
  const word = cursor.peek(ahead);
  const name = word?.kind === 'word' ? word.text.toLowerCase() : '';
  const isNegated = ahead === 1;
  const skip = (): void => {
    for (let each = 0; each <= ahead; each += 1) cursor.next();
  };
  if (name === 'between' && binding < RANGE) {
    skip();
    return readBetween(reader, operand, isNegated);
  }
  if (name === 'in' && binding < RANGE) {
    skip();
    return readIn(reader, operand, isNegated);
  }
  const how = name === 'rlike' ? 'regexp' : name;
  if ((how === 'like' || how === 'ilike' || how === 'regexp') && binding < LIKE) {
    skip();
    const pattern = reader.expression(LIKE);
    const span = cursor.since(operand.span.from);
    if (cursor.take('escape')) {
      reader.expression(LIKE);
      return {
        kind: 'unfollowed',
        what: 'LIKE with ESCAPE',
        span: cursor.since(operand.span.from),
      };
    }
    return { kind: 'like', operand, pattern, how, isNegated, span };
  }
  return null;
}

function readIs({ cursor, expression }: Reader, operand: SqlExpression): SqlExpression {
  const { from } = operand.span;
  const operatorSpan = cursor.here();
  cursor.next();
  const isNegated = cursor.take('not');
  if (cursor.take('distinct')) {
    cursor.expect('from', 'after DISTINCT');
    const right = expression(RANGE);
    const operator = isNegated ? '<=>' : 'is distinct from';
    return {
      kind: 'binary',
      operator,
      left: operand,
      right,
      span: cursor.since(from),
      operatorSpan,
    };
  }
  for (const what of ['null', 'true', 'false'] as const) {
    if (cursor.take(what))
      return { kind: 'is', operand, what, isNegated, span: cursor.since(from) };
  }
  return cursor.fail(cursor.here(), 'IS is followed by NULL, TRUE, FALSE or DISTINCT FROM');
}

function readBetween(reader: Reader, operand: SqlExpression, isNegated: boolean): SqlExpression {
  const { cursor, expression } = reader;
  const low = expression(RANGE);
  cursor.expect('and', 'between the two bounds');
  const high = expression(RANGE);
  const span = cursor.since(operand.span.from);
  return { kind: 'between', operand, low, high, isNegated, span };
}

function readIn(reader: Reader, operand: SqlExpression, isNegated: boolean): SqlExpression {
  const { cursor, expression } = reader;
  const { from } = operand.span;
  cursor.expectMark('(', 'after IN');
  if (cursor.isAt('select') || cursor.isAt('with')) {
    const query = reader.query();
    cursor.expectMark(')', 'after the query');
    return { kind: 'inQuery', operand, query, isNegated, span: cursor.since(from) };
  }
  const items = [expression()];
  while (cursor.takeMark(',')) items.push(expression());
  cursor.expectMark(')', 'after the list');
  return { kind: 'in', operand, items, isNegated, span: cursor.since(from) };
}
