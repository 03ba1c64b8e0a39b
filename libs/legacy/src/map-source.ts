import { connectionOf } from './connection.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import { addTask, type Mapping } from './mapping.ts';
import type { DatabaseDetails } from './shapes.ts';
import { checkSqlPart, tableInQuery } from './sql-text.ts';

/** A source becomes an extract: of its own SQL where there is some, else of its table with its filter. */
export function mapSource(mapping: Mapping, node: LegacyNode): void {
  const details = node.database;
  if (details === undefined) {
    mapping.reading.refuse(node.path, `${node.name} is a source without dbDetails`);
    return;
  }
  const query = queryOf(mapping, node, details);
  if (query === undefined) return;
  const connection = connectionOf(details, mapping.digest);
  mapping.connections.set(connection.name, connection);
  const task = addTask(mapping, node, {
    fields: {
      type: 'postgres_extract',
      connection: connection.name,
      query,
      // The old service computed with floats; exact numbers stay exact where nothing computes.
      ...(mapping.computes ? { numeric: 'float' } : {}),
    },
  });
  mapping.rows.set(node.id, { task, columns: undefined });
}

function queryOf(
  { reading }: Mapping,
  { path, name }: LegacyNode,
  { sql, filter, schema, table }: DatabaseDetails,
): string | undefined {
  const isOwn = sql.trim() !== '';
  const field = `${path}.dbDetails.${isOwn ? 'sql' : 'filter'}`;
  const text = (isOwn ? sql : filter).trim().replace(/[\s;]+$/, '');
  if (text.includes('${{')) {
    reading.refuse(field, `${name}: \${{ in SQL would be read as a parameter of Floe`);
    return undefined;
  }
  if (isOwn) return text;
  if (table.trim() === '') {
    reading.refuse(`${path}.dbDetails.table`, `${name} is a source with neither sql nor table`);
    return undefined;
  }
  const from = `select * from ${tableInQuery(schema.trim() || 'public', table.trim())}`;
  if (text === '') return from;
  const problem = checkSqlPart(text);
  if (problem === undefined) return `${from} ${clauseOf(text)}`;
  const at = filter.indexOf(text) + problem.at + 1;
  reading.refuse(field, `${name}: ${problem.message} (character ${at} of \`${shorten(filter)}\`)`);
  return undefined;
}

const CLAUSE =
  /^(?:where|order\s+by|group\s+by|limit|offset|fetch|join|inner|left|right|full|cross|natural|as|for|tablesample)\b/i;

/** The text stood behind the table; a bare condition got its WHERE from the form. */
function clauseOf(text: string): string {
  return CLAUSE.test(text) ? text : `where ${text}`;
}

const SHOWN_MAX = 80;

function shorten(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
}
