import { type SqlToken, scanSql } from './scan-sql.ts';

/**
 * A query whose rows each come from one row of one table: `select ... from table where ...`. Its rows can be read in
 * parts, by ranges of that table.
 */
export type RowWiseQuery = {
  /** The table as written, for `to_regclass`. */
  readonly table: string;
  /** Functions that it calls, by bare name in lower case: each must give the same in every session. */
  readonly functions: readonly string[];
  /** The query for the rows that also fulfil the condition. */
  restrict(condition: string): string;
};

/** Words that end the part of a query that is understood here, and words that no alias can be. */
const OTHER_CLAUSES: ReadonlySet<string> = new Set(
  (
    'group having window union intersect except order limit offset fetch for into distinct all only lateral ' +
    'tablesample join inner left right full cross natural on using from select with values as where'
  ).split(' '),
);

/** Values that differ between sessions, or moments. */
const MOMENTS: ReadonlySet<string> = new Set(
  'current_date current_time current_timestamp localtime localtimestamp'.split(' '),
);
const MOMENT_TEXTS = /^'\s*(?:now|today|tomorrow|yesterday)\s*'$/i;

/** What stands before a parenthesis and is part of the language, no function. */
const SYNTAX: ReadonlySet<string> = new Set(
  (
    'and or not in any some between like ilike is cast coalesce nullif greatest least row array when then else case ' +
    'extract trim where select'
  ).split(' '),
);

/** Undefined when the query is not of this kind, or when that cannot be told. */
export function parseRowWiseQuery(sql: string): RowWiseQuery | undefined {
  const tokens = scanSql(sql);
  if (tokens === undefined || tokens[0]?.text !== 'select' || tokens[0].kind !== 'word')
    return undefined;
  if (!isPlain(tokens)) return undefined;
  const from = tokens.findIndex((token) => token.depth === 0 && isWord(token, 'from'));
  if (from < 2 || OTHER_CLAUSES.has(wordOf(tokens[1]!) ?? '')) return undefined;
  if (tokens.slice(1, from).some((token) => token.depth === 0 && isWord(token, 'into')))
    return undefined;
  const named = readTable(tokens, from + 1);
  if (named === undefined) return undefined;
  const where = tokens[named.next];
  if (where !== undefined && !isWord(where, 'where')) return undefined;
  const rest = tokens.slice(named.next + 1);
  if (rest.some((token) => token.depth === 0 && OTHER_CLAUSES.has(wordOf(token) ?? '')))
    return undefined;
  const { table } = named;
  return {
    table,
    functions: functionsOf(tokens),
    restrict: (condition) => restrict(sql, where, condition),
  };
}

function restrict(sql: string, where: SqlToken | undefined, condition: string): string {
  // The line breaks end comments.
  if (where === undefined) return `${sql}\nwhere ${condition}`;
  return `${sql.slice(0, where.end)} (${sql.slice(where.end)}\n) and ${condition}`;
}

/** No subquery, no window, nothing that depends on the moment. */
function isPlain(tokens: readonly SqlToken[]): boolean {
  return !tokens.some(
    (token, index) =>
      (index > 0 && isWord(token, 'select')) ||
      isWord(token, 'over') ||
      (token.kind === 'word' && MOMENTS.has(token.text)) ||
      (token.kind === 'string' && MOMENT_TEXTS.test(token.text)),
  );
}

type NamedTable = { readonly table: string; readonly next: number };

/** `schema.table alias`, and where the tokens go on. */
function readTable(tokens: readonly SqlToken[], start: number): NamedTable | undefined {
  let next = start;
  let table = '';
  for (;;) {
    const part = tokens[next];
    if (part === undefined || !isName(part)) return undefined;
    table += part.text;
    next += 1;
    if (tokens[next]?.text !== '.') break;
    table += '.';
    next += 1;
  }
  if (tokens[next] !== undefined && isWord(tokens[next]!, 'as')) next += 1;
  const alias = tokens[next];
  if (alias !== undefined && isName(alias)) next += 1;
  return { table, next };
}

function isName(token: SqlToken): boolean {
  if (token.kind === 'quoted') return token.text.startsWith('"');
  return token.kind === 'word' && !OTHER_CLAUSES.has(token.text);
}

function functionsOf(tokens: readonly SqlToken[]): string[] {
  const names = tokens.flatMap((token, index) => {
    if (tokens[index + 1]?.text !== '(') return [];
    if (token.kind === 'quoted') return [token.text.slice(1, -1).replaceAll('""', '"')];
    return token.kind === 'word' && !SYNTAX.has(token.text) ? [token.text] : [];
  });
  return [...new Set(names)];
}

function isWord(token: SqlToken, text: string): boolean {
  return token.kind === 'word' && token.text === text;
}

function wordOf(token: SqlToken): string | undefined {
  return token.kind === 'word' ? token.text : undefined;
}
