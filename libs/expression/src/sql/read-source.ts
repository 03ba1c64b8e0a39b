import type { Cursor } from './cursor.ts';
import { anyAlias, readColumnNames } from './read-names.ts';
import type { Reader } from './reader.ts';
import type { SqlJoin, SqlJoinKind, SqlName, SqlSource, SqlTable } from './sql-syntax.ts';

/** One table of FROM with what is joined to it. */
export function readSource(reader: Reader): SqlSource {
  const table = readTable(reader);
  const joins: SqlJoin[] = [];
  for (;;) {
    const join = readJoin(reader);
    if (join === null) return { table, joins };
    joins.push(join);
  }
}

const KINDS: readonly (readonly [readonly string[], SqlJoinKind])[] = [
  [['join'], 'inner'],
  [['inner', 'join'], 'inner'],
  [['cross', 'join'], 'cross'],
  [['left', 'semi', 'join'], 'semi'],
  [['left', 'anti', 'join'], 'anti'],
  [['right', 'semi', 'join'], 'right semi'],
  [['right', 'anti', 'join'], 'right anti'],
  [['semi', 'join'], 'semi'],
  [['anti', 'join'], 'anti'],
  ...(['left', 'right', 'full'] as const).flatMap((how) =>
    [
      [how, 'outer', 'join'],
      [how, 'join'],
    ].map((words) => [words, how] as const),
  ),
];

function readJoin(reader: Reader): SqlJoin | null {
  const { cursor } = reader;
  const { from } = cursor.here();
  const isNatural = cursor.take('natural');
  const kind = KINDS.find(([words]) => cursor.take(...words));
  if (kind === undefined) {
    if (isNatural) cursor.expect('join', 'after NATURAL');
    return null;
  }
  const [, how] = kind;
  const table = readTable(reader);
  const on = cursor.take('on') ? reader.expression() : null;
  const using = on === null && cursor.take('using') ? readUsing(cursor) : [];
  const isBare = on === null && using.length === 0;
  const span = cursor.since(from);
  if (isBare && how !== 'cross' && !isNatural)
    cursor.fail(
      span,
      'the join has no condition',
      'write ON a.id = b.id, USING (id), or CROSS JOIN',
    );
  if (!isBare && how === 'cross')
    cursor.fail(span, 'CROSS JOIN has no condition', 'write JOIN instead');
  return { how, table, on, using, isNatural, span };
}

function readUsing(cursor: Cursor): readonly SqlName[] {
  if (!cursor.isAtMark('(')) cursor.expectMark('(', 'after USING');
  return readColumnNames(cursor);
}

function readTable(reader: Reader): SqlTable {
  const { cursor } = reader;
  const { from } = cursor.here();
  if (cursor.isAt('lateral')) cursor.fail(cursor.here(), 'LATERAL is not supported by Polars');
  if (cursor.takeMark('(')) return readDerived(reader, from);
  const name = cursor.expectName('a table');
  if (cursor.isAtMark('(')) return readFunction(reader, name);
  const alias = readAlias(cursor);
  return { kind: 'table', name, alias, span: cursor.since(from) };
}

function readAlias(cursor: Cursor): SqlName | null {
  return cursor.take('as') ? anyAlias(cursor) : cursor.takeName();
}

function readDerived(reader: Reader, from: number): SqlTable {
  const { cursor } = reader;
  const isQuery = ['select', 'with', 'from', 'values', 'table'].some((word) => cursor.isAt(word));
  if (!isQuery && !cursor.isAtMark('(')) {
    readSource(reader);
    cursor.expectMark(')', 'after the join');
    readAlias(cursor);
    return { kind: 'unfollowed', what: 'a join in brackets', span: cursor.since(from) };
  }
  const query = reader.query();
  cursor.expectMark(')', 'after the query');
  const alias = readAlias(cursor);
  const columns = alias === null ? [] : readColumnNames(cursor);
  return { kind: 'derived', query, alias, columns, span: cursor.since(from) };
}

/** `UNNEST(...)`: readers of files are refused before anything is read. */
function readFunction({ cursor, expression }: Reader, name: SqlName): SqlTable {
  cursor.next();
  while (!cursor.isAtMark(')')) {
    expression();
    if (!cursor.takeMark(',')) break;
  }
  cursor.expectMark(')', 'after the arguments');
  readAlias(cursor);
  readColumnNames(cursor);
  const what = `${name.name.toUpperCase()}(...) as a table`;
  return { kind: 'unfollowed', what, span: cursor.since(name.span.from) };
}
