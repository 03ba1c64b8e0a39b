import type { Cursor } from './cursor.ts';
import { readType } from './read-type.ts';
import type { Reader } from './reader.ts';
import type { SqlCall, SqlExpression, SqlName, SqlOrder, SqlWindow } from './sql-syntax.ts';

/** A function with its arguments, and the forms that look like one. */
export function readCall(reader: Reader, name: string): SqlExpression {
  const { cursor } = reader;
  const { from } = cursor.here();
  const special = SPECIAL.get(name);
  if (special !== undefined) {
    cursor.next();
    cursor.next();
    return special(reader, from);
  }
  const nameSpan = cursor.here();
  cursor.next();
  cursor.next();
  const isDistinct = cursor.take('distinct');
  if (!isDistinct) cursor.take('all');
  const given: SqlExpression[] = [];
  while (!cursor.isAtMark(')') && !cursor.isAt('order') && !cursor.isAt('limit')) {
    given.push(reader.expression());
    if (!cursor.takeMark(',')) break;
  }
  const orderBy = cursor.take('order', 'by') ? readOrders(reader) : [];
  const limit = cursor.take('limit') ? reader.expression() : null;
  cursor.expectMark(')', 'after the arguments');
  const rest = { isDistinct, orderBy, limit, nameSpan };
  return withClauses(reader, { ...plain(name, given, cursor, from), ...rest });
}

function plain(
  name: string,
  given: readonly SqlExpression[],
  cursor: Cursor,
  from: number,
): SqlCall {
  const span = cursor.since(from);
  return {
    kind: 'call',
    name,
    arguments: given,
    isDistinct: false,
    orderBy: [],
    limit: null,
    filter: null,
    over: null,
    span,
    nameSpan: span,
  };
}

function withClauses(reader: Reader, call: SqlCall): SqlExpression {
  const { cursor } = reader;
  const { from } = call.span;
  if (cursor.take('within', 'group')) {
    cursor.expectMark('(', 'after WITHIN GROUP');
    cursor.expect('order', 'in WITHIN GROUP');
    cursor.expect('by', 'after ORDER');
    readOrders(reader);
    cursor.expectMark(')', 'after WITHIN GROUP');
    return { kind: 'unfollowed', what: 'WITHIN GROUP', span: cursor.since(from) };
  }
  let filter: SqlExpression | null = null;
  if (cursor.take('filter')) {
    cursor.expectMark('(', 'after FILTER');
    cursor.expect('where', 'in FILTER');
    filter = reader.expression();
    cursor.expectMark(')', 'after the condition');
  }
  const over = cursor.take('over') ? readOver(reader) : null;
  return { ...call, filter, over, span: cursor.since(from) };
}

function readOver(reader: Reader): SqlWindow {
  const { cursor } = reader;
  const { from } = cursor.here();
  if (cursor.isAtMark('(')) return readWindow(reader);
  const name = cursor.expectName('a window');
  return { name, partitionBy: [], orderBy: [], frame: null, span: cursor.since(from) };
}

/** `(PARTITION BY ... ORDER BY ... ROWS ...)` */
export function readWindow(reader: Reader): SqlWindow {
  const { cursor, expression } = reader;
  const { from } = cursor.here();
  cursor.expectMark('(', 'before the window');
  const name: SqlName | null =
    cursor.isAt('partition') || isAtFrame(cursor) ? null : cursor.takeName();
  const partitionBy: SqlExpression[] = [];
  if (cursor.take('partition')) {
    cursor.expect('by', 'after PARTITION');
    do partitionBy.push(expression());
    while (cursor.takeMark(','));
  }
  const orderBy = cursor.take('order', 'by') ? readOrders(reader) : [];
  const frame = isAtFrame(cursor) ? readFrame(cursor) : null;
  cursor.expectMark(')', 'after the window');
  return { name, partitionBy, orderBy, frame, span: cursor.since(from) };
}

const isAtFrame = (cursor: Cursor): boolean =>
  cursor.isAt('rows') || cursor.isAt('range') || cursor.isAt('groups');

/** The one frame that Polars computes is the one of which nothing needs to be said. */
const FRAMES: readonly string[] = [
  'rows between unbounded preceding and current row',
  'rows unbounded preceding',
];
// A frame is at most eight words.
const FRAME_WORDS_MAX = 10;

function readFrame(cursor: Cursor): string | null {
  const words: string[] = [];
  while (words.length < FRAME_WORDS_MAX && !cursor.isAtMark(')')) {
    const piece = cursor.next();
    if (piece === undefined) break;
    words.push(piece.text.toLowerCase());
  }
  const frame = words.join(' ');
  return FRAMES.includes(frame) ? null : frame.toUpperCase();
}

export function readOrders({ cursor, expression }: Reader): readonly SqlOrder[] {
  const orders: SqlOrder[] = [];
  do {
    const by = expression();
    const isDescending = cursor.take('desc');
    if (!isDescending) cursor.take('asc');
    const isFirst = cursor.take('nulls', 'first');
    const isLast = !isFirst && cursor.take('nulls', 'last');
    orders.push({ by, isDescending, nullsFirst: isFirst || isLast ? isFirst : null });
  } while (cursor.takeMark(','));
  return orders;
}

type Special = (reader: Reader, from: number) => SqlExpression;

const castOf =
  (isStrict: boolean): Special =>
  ({ cursor, expression }, from) => {
    const operand = expression();
    cursor.expect('as', 'before the type');
    const type = readType(cursor);
    cursor.expectMark(')', 'after the type');
    return { kind: 'cast', operand, type, isStrict, span: cursor.since(from) };
  };

/** Forms of functions that have words between their arguments. */
const SPECIAL: ReadonlyMap<string, Special> = new Map(
  Object.entries<Special>({
    cast: castOf(true),
    try_cast: castOf(false),
    safe_cast: castOf(false),
    extract: ({ cursor, expression }, from) => {
      const span = cursor.here();
      const part = cursor.next()?.text ?? '';
      cursor.expect('from', 'after the part');
      const operand = expression();
      cursor.expectMark(')', 'after the expression');
      const name: SqlExpression = { kind: 'string', value: part.replaceAll(/^'|'$/g, ''), span };
      return plain('date_part', [name, operand], cursor, from);
    },
    position: (reader, from) => {
      const { cursor, expression } = reader;
      // `IN` stands between the two: what is sought may not contain the operator.
      const sought = expression(20);
      cursor.expect('in', 'between the two texts');
      const text = expression();
      cursor.expectMark(')', 'after the text');
      return plain('strpos', [text, sought], cursor, from);
    },
    substring: substring,
    trim: ({ cursor, expression }, from) => {
      const side = (['both', 'leading', 'trailing'] as const).find((each) => cursor.take(each));
      let what = cursor.isAt('from') ? null : expression();
      let text = what;
      if (cursor.take('from')) text = expression();
      else what = null;
      cursor.expectMark(')', 'after the text');
      const name = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : 'trim';
      const given = [text, what].filter((each) => each !== null);
      return plain(name, given, cursor, from);
    },
  }),
);

function substring({ cursor, expression }: Reader, from: number): SqlExpression {
  const given = [expression()];
  if (cursor.take('from')) {
    given.push(expression());
    if (cursor.take('for')) given.push(expression());
  } else {
    while (cursor.takeMark(',')) given.push(expression());
  }
  cursor.expectMark(')', 'after the arguments');
  // `substr` of two arguments is another in Polars where the start is no literal; `substring` is right.
  return plain('substring', given, cursor, from);
}
