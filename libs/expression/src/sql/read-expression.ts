import { MAX_CHAINED_OPERATORS } from '../limits.ts';
import { unquoted } from './scan-sql.ts';
import type { Cursor } from './cursor.ts';
import { parameterNameOf } from './placeholder.ts';
import { readCall } from './read-call.ts';
import { readInfix } from './read-operators.ts';
import type { Reader } from './reader.ts';
import type { MomentKind, SqlExpression } from './sql-syntax.ts';

const NOT = 15;

/** A sign binds more strongly than any operator but `::` and `[`. */
const SIGN = 40;

export function readExpression(reader: Reader, binding = 0): SqlExpression {
  return reader.cursor.within(() => {
    let left = readPrefix(reader);
    for (let operators = 0; ; operators += 1) {
      const following = readInfix(reader, left, binding);
      if (following === null) return left;
      if (operators >= MAX_CHAINED_OPERATORS)
        reader.cursor.fail(
          following.span,
          `more than ${MAX_CHAINED_OPERATORS} operators follow each other`,
          'a list of values stands in IN (...)',
        );
      left = following;
    }
  });
}

function readPrefix(reader: Reader): SqlExpression {
  const { cursor, expression } = reader;
  const { from } = cursor.here();
  if (cursor.isAt('exists') || cursor.isAt('not', 'exists')) {
    const isNegated = cursor.take('not');
    cursor.next();
    cursor.expectMark('(', 'after EXISTS');
    const query = reader.query();
    cursor.expectMark(')', 'after the query');
    return { kind: 'exists', query, isNegated, span: cursor.since(from) };
  }
  if (cursor.take('not')) {
    const operand = expression(NOT);
    return { kind: 'unary', operator: 'not', operand, span: cursor.since(from) };
  }
  for (const operator of ['-', '+'] as const) {
    if (!cursor.takeMark(operator)) continue;
    const operand = expression(SIGN);
    return { kind: 'unary', operator, operand, span: cursor.since(from) };
  }
  return readPostfix(reader, readPrimary(reader), from);
}

/** `a[1]` is not followed; `::` is an operator. */
function readPostfix(
  { cursor, expression }: Reader,
  operand: SqlExpression,
  from: number,
): SqlExpression {
  if (!cursor.takeMark('[')) return operand;
  const index = expression();
  cursor.expectMark(']', 'after the index');
  const span = cursor.since(from);
  return {
    kind: 'call',
    name: 'array_get',
    arguments: [operand, index],
    isDistinct: false,
    orderBy: [],
    limit: null,
    filter: null,
    over: null,
    span,
    nameSpan: span,
  };
}

function readPrimary(reader: Reader): SqlExpression {
  const { cursor } = reader;
  const piece = cursor.peek();
  const { from } = cursor.here();
  if (piece === undefined)
    return cursor.fail(cursor.here(), 'the query ends where an expression is expected');
  switch (piece.kind) {
    case 'number':
      cursor.next();
      return { kind: 'number', text: piece.text, span: cursor.since(from) };
    case 'string':
      cursor.next();
      return { kind: 'string', value: unquoted(piece), span: cursor.since(from) };
    case 'placeholder': {
      cursor.next();
      return { kind: 'parameter', name: parameterNameOf(piece) ?? '', span: cursor.since(from) };
    }
    case 'quotedName':
      return readName(reader, from);
    case 'word':
      return readWord(reader, piece.text.toLowerCase(), from);
    default:
      return readMark(reader, from);
  }
}

function readMark(reader: Reader, from: number): SqlExpression {
  const { cursor, expression } = reader;
  if (cursor.takeMark('(')) {
    if (cursor.isAt('select') || cursor.isAt('with')) {
      const query = reader.query();
      cursor.expectMark(')', 'after the query');
      return { kind: 'subquery', query, span: cursor.since(from) };
    }
    const inner = expression();
    if (cursor.isAtMark(',')) return readTuple(reader, from);
    cursor.expectMark(')', 'after the expression');
    return { ...inner, span: cursor.since(from) };
  }
  if (cursor.takeMark('*')) return { kind: 'star', span: cursor.since(from) };
  const { text } = cursor.peek() ?? { text: '' };
  return cursor.fail(
    cursor.here(),
    `\`${text}\` is not expected here`,
    'an expression is expected',
  );
}

function readTuple({ cursor, expression }: Reader, from: number): SqlExpression {
  while (cursor.takeMark(',')) expression();
  cursor.expectMark(')', 'after the row');
  return { kind: 'unfollowed', what: 'a row of several values', span: cursor.since(from) };
}

const MOMENTS: ReadonlyMap<string, MomentKind> = new Map(
  Object.entries<MomentKind>({
    date: 'date',
    time: 'time',
    timestamp: 'timestamp',
    datetime: 'timestamp',
  }),
);

/** Words that begin a clause: where an expression is expected, something before them is missing. */
const CLAUSES: ReadonlySet<string> = new Set(
  'from where group having order limit offset union intersect except as on using then when'.split(
    ' ',
  ),
);

function readWord(reader: Reader, word: string, from: number): SqlExpression {
  const { cursor } = reader;
  const span = () => cursor.since(from);
  const after = cursor.peek(1);
  if (after?.kind === 'mark' && after.text === '(' && word !== 'in' && word !== 'and')
    return readCall(reader, word);
  if (cursor.take('true')) return { kind: 'boolean', value: true, span: span() };
  if (cursor.take('false')) return { kind: 'boolean', value: false, span: span() };
  if (cursor.take('null')) return { kind: 'null', span: span() };
  if (cursor.take('case')) return readCase(reader, from);
  const moment = MOMENTS.get(word);
  if (after?.kind === 'string' && (moment !== undefined || word === 'interval')) {
    cursor.next();
    cursor.next();
    const text = unquoted(after);
    return moment === undefined
      ? { kind: 'interval', text, span: span() }
      : { kind: 'moment', type: moment, text, span: span() };
  }
  if (word === 'array' && after?.text === '[') return readArray(reader, from);
  if (CLAUSES.has(word))
    return cursor.fail(cursor.here(), `an expression is missing before \`${word.toUpperCase()}\``);
  return readName(reader, from);
}

function readArray({ cursor, expression }: Reader, from: number): SqlExpression {
  cursor.next();
  cursor.next();
  while (!cursor.takeMark(']')) {
    expression();
    if (!cursor.takeMark(',') && !cursor.isAtMark(']')) cursor.expectMark(']', 'after the array');
  }
  return { kind: 'unfollowed', what: 'ARRAY[...]', span: cursor.since(from) };
}

function readName({ cursor }: Reader, from: number): SqlExpression {
  const parts = [anyName(cursor)];
  while (cursor.takeMark('.')) {
    if (cursor.isAtMark('*'))
      cursor.fail(cursor.here(), '`*` is not expected here', 'it stands in the select list alone');
    parts.push(anyName(cursor));
  }
  return { kind: 'name', parts, span: cursor.since(from) };
}

/** Where only a name can stand, the words of SQL are names, too. */
function anyName(cursor: Cursor): {
  readonly name: string;
  readonly span: { from: number; to: number };
} {
  const piece = cursor.peek();
  const span = cursor.here();
  if (piece?.kind !== 'word' && piece?.kind !== 'quotedName') return cursor.expectName('a column');
  cursor.next();
  return { name: piece.kind === 'quotedName' ? unquoted(piece) : piece.text, span };
}

function readCase({ cursor, expression }: Reader, from: number): SqlExpression {
  const operand = cursor.isAt('when') ? null : expression();
  const branches: (readonly [SqlExpression, SqlExpression])[] = [];
  while (cursor.take('when')) {
    const condition = expression();
    cursor.expect('then', 'after the condition');
    branches.push([condition, expression()]);
  }
  if (branches.length === 0) cursor.expect('when', 'after CASE');
  const otherwise = cursor.take('else') ? expression() : null;
  cursor.expect('end', 'after CASE');
  return { kind: 'case', operand, branches, otherwise, span: cursor.since(from) };
}
