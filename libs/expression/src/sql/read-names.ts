import type { Cursor } from './cursor.ts';
import type { SqlName } from './sql-syntax.ts';

/** `(a, b)` behind the name of a table. */
export function readColumnNames(cursor: Cursor): readonly SqlName[] {
  const names: SqlName[] = [];
  if (!cursor.takeMark('(')) return names;
  do names.push(cursor.expectName('a column'));
  while (cursor.takeMark(','));
  cursor.expectMark(')', 'after the columns');
  return names;
}

/** After AS any word is a name. */
export function anyAlias(cursor: Cursor): SqlName {
  const piece = cursor.peek();
  const span = cursor.here();
  if (piece?.kind === 'string')
    return cursor.fail(
      span,
      'a name stands in double quotes',
      `write "${piece.text.slice(1, -1)}"`,
    );
  if (piece?.kind !== 'word') return cursor.expectName('the column');
  cursor.next();
  return { name: piece.text, span };
}
