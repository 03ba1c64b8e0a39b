import type { Span } from '../problems.ts';
import type { Cursor } from './cursor.ts';
import { anyAlias } from './read-names.ts';
import type { Reader } from './reader.ts';
import type { SqlExpression, SqlItem, SqlName } from './sql-syntax.ts';

export const allOf = (span: Span): SqlItem => ({
  kind: 'all',
  table: null,
  exclude: [],
  like: null,
  rename: [],
  replace: [],
  span,
});

/** A comma before FROM is passed over, as Polars does. */
export function readItems(reader: Reader): readonly SqlItem[] {
  const items = [readItem(reader)];
  while (reader.cursor.takeMark(',')) {
    if (reader.cursor.isAt('from') || reader.cursor.peek() === undefined) break;
    items.push(readItem(reader));
  }
  return items;
}

function readItem(reader: Reader): SqlItem {
  const { cursor } = reader;
  const { from } = cursor.here();
  if (cursor.takeMark('*')) return readAll(reader, null, from);
  const isQualified =
    cursor.peek(1)?.text === '.' && cursor.peek(2)?.kind === 'mark' && cursor.peek(2)?.text === '*';
  if (isQualified) {
    const table = cursor.expectName('a table');
    cursor.next();
    cursor.next();
    return readAll(reader, table, from);
  }
  const value = reader.expression();
  const alias = cursor.take('as') ? anyAlias(cursor) : cursor.takeName();
  return { kind: 'expression', value, alias };
}

function readAll(reader: Reader, table: SqlName | null, from: number): SqlItem {
  const { cursor } = reader;
  const exclude: SqlName[] = [];
  let like: string | null = null;
  const rename: (readonly [SqlName, SqlName])[] = [];
  const replace: (readonly [SqlExpression, SqlName])[] = [];
  for (;;) {
    if (cursor.isAt('except') && cursor.peek(1)?.text !== '(') break;
    if (cursor.take('exclude') || cursor.take('except')) exclude.push(...readNames(cursor));
    else if (cursor.take('ilike')) like = cursor.next()?.text.slice(1, -1) ?? '';
    else if (cursor.take('rename'))
      readSeveral(cursor, () => {
        const before = cursor.expectName('a column');
        cursor.expect('as', 'before the other name');
        rename.push([before, anyAlias(cursor)]);
      });
    else if (cursor.take('replace'))
      readSeveral(cursor, () => {
        const value = reader.expression();
        cursor.expect('as', 'before the column');
        replace.push([value, anyAlias(cursor)]);
      });
    else break;
  }
  return { kind: 'all', table, exclude, like, rename, replace, span: cursor.since(from) };
}

function readNames(cursor: Cursor): readonly SqlName[] {
  const names: SqlName[] = [];
  readSeveral(cursor, () => names.push(cursor.expectName('a column')));
  return names;
}

/** One, or several in brackets. */
function readSeveral(cursor: Cursor, read: () => void): void {
  if (!cursor.takeMark('(')) return read();
  do read();
  while (cursor.takeMark(','));
  cursor.expectMark(')', 'after the list');
}
