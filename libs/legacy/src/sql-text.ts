/** SQL that old documents hold: looked over word by word, so that it is one query and nothing beside it. */

/** What is wrong with a stretch of SQL that goes into a query, and where; undefined when it is whole. */
export type SqlProblem = { readonly at: number; readonly message: string };

const WORD = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$|--[^\n]*|\/\*|[();]|[^'"$\-/();]+|[$\-/]/y;

/** Quotes and brackets that are closed, no comment and no semicolon. */
export function checkSqlPart(text: string): SqlProblem | undefined {
  const open: number[] = [];
  let at = 0;
  while (at < text.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (match === null) return { at, message: 'a quote is not closed' };
    const [word] = match;
    const problem = checkWord(word, at, open);
    if (problem !== undefined) return problem;
    const end = match[1] === undefined ? at + word.length : endOfDollars(text, at, word);
    if (end === undefined) return { at, message: `${word} is not closed` };
    at = end;
  }
  const last = open.at(-1);
  return last === undefined ? undefined : { at: last, message: 'a bracket is not closed' };
}

function checkWord(word: string, at: number, open: number[]): SqlProblem | undefined {
  if (word === ';') return { at, message: 'a semicolon ends the query here' };
  if (word.startsWith('--') || word === '/*') return { at, message: 'a comment begins here' };
  if (word === '(') open.push(at);
  if (word === ')' && open.pop() === undefined)
    return { at, message: 'a bracket closes that was not opened' };
  return undefined;
}

function endOfDollars(text: string, at: number, word: string): number | undefined {
  const end = text.indexOf(word, at + word.length);
  return end === -1 ? undefined : end + word.length;
}

/** Words that mean something else, or nothing, where a bare name stands. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate column ' +
    'constraint create cross current_date current_role current_time current_timestamp current_user default deferrable desc ' +
    'distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner ' +
    'intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset ' +
    'on only or order outer overlaps placing primary references returning right select session_user similar some symmetric ' +
    'table tablesample then to trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
);

const QUALIFIED = /^(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*))?$/;

/** A table as the old service wrote it into its queries: bare, so that upper case counts as lower. */
export function tableInQuery(schema: string, table: string): string {
  if (schema === '' || table.startsWith(`${schema}.`))
    return QUALIFIED.test(table) ? table : quoteUnlessPlain(table);
  return `${quoteUnlessPlain(schema)}.${quoteUnlessPlain(table)}`;
}

/** A table as `postgres_load` takes it: case counts, as it did when pandas wrote it. */
export function tableInLoad(schema: string, table: string): string {
  const parts = table.startsWith(`${schema}.`)
    ? [schema, table.slice(schema.length + 1)]
    : [schema, table];
  return parts
    .filter((part) => part !== '')
    .map((part) => (/[".\s]/.test(part) ? quote(part) : part))
    .join('.');
}

function quoteUnlessPlain(name: string): string {
  const isPlain = /^[A-Za-z_][\w$]*$/.test(name) && !RESERVED.has(name.toLowerCase());
  return isPlain || /^"(?:[^"]|"")+"$/.test(name) ? name : quote(name);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
