import type { Problems } from '../problems.ts';
import { createCursor, type Cursor } from './cursor.ts';
import { readOrders, readWindow } from './read-call.ts';
import { readExpression } from './read-expression.ts';
import { allOf, readItems } from './read-items.ts';
import { readColumnNames } from './read-names.ts';
import { readSource } from './read-source.ts';
import type { Reader } from './reader.ts';
import type { SqlPiece } from './scan-sql.ts';
import type {
  SqlBody,
  SqlExpression,
  SqlName,
  SqlSelect,
  SqlSelection,
  SqlSource,
  SqlWindow,
} from './sql-syntax.ts';

/**
 * The tree of one query of Polars' SQL. Throws EXPRESSION_INVALID at the first place that cannot be read: what stands
 * behind it has no certain meaning.
 */
export function readQuery(
  text: string,
  pieces: readonly SqlPiece[],
  problems: Problems,
): SqlSelection {
  const meaningful = pieces.filter(({ kind }) => kind !== 'comment');
  const cursor = createCursor(text, meaningful, problems);
  const reader: Reader = {
    cursor,
    query: () => cursor.within(() => readSelection(reader)),
    expression: (binding) => readExpression(reader, binding),
  };
  const query = reader.query();
  cursor.takeMark(';');
  const rest = cursor.peek();
  if (rest !== undefined)
    cursor.fail(cursor.here(), `\`${rest.text}\` is not expected here`, expectedAfter(query));
  return query;
}

function expectedAfter({ limit, orderBy, body }: SqlSelection): string {
  if (limit !== null) return 'the query ends after LIMIT and OFFSET';
  if (orderBy !== null) return 'LIMIT or the end of the query is expected';
  const isGrouped = body.kind === 'select' && body.groupBy !== null;
  return isGrouped
    ? 'HAVING, ORDER BY or LIMIT can stand here'
    : 'a comma, FROM, JOIN, WHERE, GROUP BY, ORDER BY or LIMIT may be missing before it';
}

function readSelection(reader: Reader): SqlSelection {
  const { cursor } = reader;
  const { from } = cursor.here();
  const tables = cursor.take('with') ? readWith(reader) : [];
  const body = readCombined(reader);
  const order = cursor.here();
  const keys = cursor.take('order', 'by') ? readOrders(reader) : null;
  const orderBy = keys && { keys, span: cursor.since(order.from) };
  const { limit, offset } = readLimit(reader);
  return { with: tables, body, orderBy, limit, offset, span: cursor.since(from) };
}

function readWith(reader: Reader): SqlSelection['with'] {
  const { cursor } = reader;
  const tables: SqlSelection['with'][number][] = [];
  if (cursor.isAt('recursive'))
    cursor.fail(cursor.here(), 'WITH RECURSIVE is not supported by Polars');
  do {
    const name = cursor.expectName('a table of WITH');
    const columns = readColumnNames(cursor);
    cursor.expect('as', 'after the name');
    cursor.expectMark('(', 'after AS');
    tables.push({ name, columns, query: reader.query() });
    cursor.expectMark(')', 'after the query');
  } while (cursor.takeMark(','));
  return tables;
}

function readLimit({ cursor, expression }: Reader): {
  limit: SqlExpression | null;
  offset: SqlExpression | null;
} {
  let limit: SqlExpression | null = null;
  let offset: SqlExpression | null = null;
  for (;;) {
    if (cursor.take('limit')) limit = expression();
    else if (cursor.take('offset')) {
      offset = expression();
      if (!cursor.take('rows')) cursor.take('row');
    } else if (cursor.take('fetch')) {
      if (!cursor.take('first')) cursor.take('next');
      limit = expression();
      if (!cursor.take('rows')) cursor.take('row');
      cursor.take('only');
    } else return { limit, offset };
    if (limit !== null && cursor.takeMark(',')) {
      offset = limit;
      limit = expression();
    }
  }
}

/** INTERSECT binds more strongly than UNION and EXCEPT. */
function readCombined(reader: Reader): SqlBody {
  let left = readIntersected(reader);
  const { cursor } = reader;
  for (;;) {
    const { from } = cursor.here();
    const how = cursor.take('union') ? 'union' : cursor.take('except') ? 'except' : null;
    if (how === null) return left;
    const quantifier = readQuantifier(cursor);
    const right = readIntersected(reader);
    left = { kind: 'combined', how, ...quantifier, left, right, span: cursor.since(from) };
  }
}

function readIntersected(reader: Reader): SqlBody {
  const { cursor } = reader;
  let left = readBody(reader);
  for (;;) {
    const { from } = cursor.here();
    if (!cursor.take('intersect')) return left;
    const quantifier = readQuantifier(cursor);
    const right = readBody(reader);
    const span = cursor.since(from);
    left = { kind: 'combined', how: 'intersect', ...quantifier, left, right, span };
  }
}

function readQuantifier(cursor: Cursor): { isAll: boolean; isByName: boolean } {
  const isAll = cursor.take('all');
  if (!isAll) cursor.take('distinct');
  return { isAll, isByName: cursor.take('by', 'name') };
}

function readBody(reader: Reader): SqlBody {
  const { cursor } = reader;
  const { from } = cursor.here();
  if (cursor.takeMark('(')) {
    const query = reader.query();
    cursor.expectMark(')', 'after the query');
    return { kind: 'nested', query, span: cursor.since(from) };
  }
  if (cursor.take('table')) {
    const name = cursor.expectName('a table');
    return { kind: 'table', name, span: cursor.since(from) };
  }
  if (cursor.take('values')) {
    do {
      cursor.expectMark('(', 'before a row');
      do reader.expression();
      while (cursor.takeMark(','));
      cursor.expectMark(')', 'after a row');
    } while (cursor.takeMark(','));
    return { kind: 'unfollowed', what: 'VALUES', span: cursor.since(from) };
  }
  return readSelect(reader);
}

function readSelect(reader: Reader): SqlSelect {
  const { cursor } = reader;
  const { from } = cursor.here();
  // `FROM t` alone is `SELECT * FROM t`; so is `FROM t SELECT a`.
  const early = cursor.isAt('from') ? readFrom(reader) : null;
  const isImplied = early !== null && !cursor.isAt('select');
  if (!isImplied) cursor.expect('select', 'at the beginning of a query');
  const distinct = isImplied ? 'none' : readDistinct(reader);
  const items = isImplied ? [allOf(cursor.since(from))] : readItems(reader);
  const span = cursor.since(from);
  const sources = early ?? readFrom(reader);
  const where = readClause(reader, ['where']);
  const groupBy = readGroupBy(reader);
  const having = readClause(reader, ['having']);
  const windows = cursor.take('window') ? readWindows(reader) : [];
  const qualify = readClause(reader, ['qualify']);
  return {
    kind: 'select',
    distinct,
    items,
    from: sources,
    where,
    groupBy,
    having,
    qualify,
    windows,
    span,
  };
}

function readFrom(reader: Reader): readonly SqlSource[] {
  const sources: SqlSource[] = [];
  if (!reader.cursor.take('from')) return sources;
  do sources.push(readSource(reader));
  while (reader.cursor.takeMark(','));
  return sources;
}

function readClause({ cursor, expression }: Reader, words: readonly string[]): SqlSelect['where'] {
  const { from } = cursor.here();
  if (!cursor.take(...words)) return null;
  const condition = expression();
  return { condition, span: cursor.since(from) };
}

function readGroupBy({ cursor, expression }: Reader): SqlSelect['groupBy'] {
  const { from } = cursor.here();
  if (!cursor.take('group')) return null;
  cursor.expect('by', 'after GROUP');
  if (cursor.take('all')) return { keys: 'all', span: cursor.since(from) };
  const keys: SqlExpression[] = [];
  do keys.push(expression());
  while (cursor.takeMark(','));
  return { keys, span: cursor.since(from) };
}

function readWindows(reader: Reader): SqlSelect['windows'] {
  const { cursor } = reader;
  const windows: (readonly [SqlName, SqlWindow])[] = [];
  do {
    const name = cursor.expectName('a window');
    cursor.expect('as', 'after the name');
    windows.push([name, readWindow(reader)]);
  } while (cursor.takeMark(','));
  return windows;
}

function readDistinct({ cursor, expression }: Reader): SqlSelect['distinct'] {
  if (!cursor.take('distinct')) {
    cursor.take('all');
    return 'none';
  }
  if (!cursor.take('on')) return 'all';
  cursor.expectMark('(', 'after DISTINCT ON');
  const columns = [expression()];
  while (cursor.takeMark(',')) columns.push(expression());
  cursor.expectMark(')', 'after the columns');
  return columns;
}
