import { FloeError } from '@floe/errors';

/** PostgreSQL cuts longer names without a word (NAMEDATALEN - 1). */
const MAX_IDENTIFIER_BYTES = 63;

export type TableName = { readonly schema: string | undefined; readonly table: string };

/** The only way a name gets into a statement. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES)
    throw new FloeError(
      'ARGUMENT_INVALID',
      `${JSON.stringify(name)} is no name of a table or column`,
      {
        hint: `a name has 1 to ${MAX_IDENTIFIER_BYTES} bytes`,
      },
    );
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTableName(name: TableName): string {
  const table = quoteIdentifier(name.table);
  return name.schema === undefined ? table : `${quoteIdentifier(name.schema)}.${table}`;
}

const PART = /"(?<quoted>(?:[^"]|"")+)"|(?<plain>[^".\s]+)/y;

/**
 * `table` or `schema.table`; a part that holds a dot or blank stands in double quotes. Unlike in SQL the case of a
 * name counts as written. Errors: ARGUMENT_INVALID.
 */
export function parseTableName(text: string): TableName {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    PART.lastIndex = at;
    const groups = PART.exec(text)?.groups;
    if (groups === undefined) throw notTableName(text);
    parts.push(groups['plain'] ?? groups['quoted']!.replaceAll('""', '"'));
    at = PART.lastIndex;
    if (at === text.length) break;
    if (text[at] !== '.') throw notTableName(text);
    at += 1;
  }
  const [first, second] = parts;
  if (parts.length === 1 && first !== undefined) return { schema: undefined, table: first };
  if (parts.length === 2 && first !== undefined && second !== undefined)
    return { schema: first, table: second };
  throw notTableName(text);
}

function notTableName(text: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `${JSON.stringify(text)} is no name of a table`, {
    hint: 'write table or schema.table; parts with dots or blanks in double quotes',
  });
}
