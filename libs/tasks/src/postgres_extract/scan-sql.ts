/** A piece of SQL that means something: no blanks and no comments. */
export type SqlToken = {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  /** Words in lower case; the others as written. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** How many parentheses and brackets are open around it; those themselves belong to the outside. */
  readonly depth: number;
};

const BLANK = /\s+|--[^\n]*/y;
const TOKENS: readonly (readonly [kind: SqlToken['kind'], pattern: RegExp])[] = [
  ['string', /[Ee]'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['string', /(?:[BbXxNn]|[Uu]&)?'(?:[^']|'')*'/y],
  ['string', /\$(?<tag>(?:[A-Za-z_]\w*)?)\$[\s\S]*?\$\k<tag>\$/y],
  ['quoted', /(?:[Uu]&)?"(?:[^"]|"")*"/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['number', /\d[\d.eE_]*|\.\d+/y],
  ['symbol', /[^\s]/y],
];

/** Undefined for what this cannot cut with certainty: an open comment or string. */
export function scanSql(sql: string): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  let depth = 0;
  for (let at = skipBlanks(sql, 0); at < sql.length;) {
    const token = tokenAt(sql, at);
    if (token === undefined) return undefined;
    if (token.text === ')' || token.text === ']') depth -= 1;
    tokens.push({ ...token, depth });
    if (token.text === '(' || token.text === '[') depth += 1;
    at = skipBlanks(sql, token.end);
    if (at < 0) return undefined;
  }
  return depth === 0 ? tokens : undefined;
}

function tokenAt(sql: string, at: number): Omit<SqlToken, 'depth'> | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    if (match === null) continue;
    const [text] = match;
    if (kind === 'symbol' && (text === "'" || text === '"')) return undefined;
    return { kind, text: kind === 'word' ? text.toLowerCase() : text, at, end: at + text.length };
  }
  return undefined;
}

/** Where the next token begins; -1 when a comment does not end. */
function skipBlanks(sql: string, start: number): number {
  let at = start;
  for (;;) {
    BLANK.lastIndex = at;
    const blank = BLANK.exec(sql)?.[0].length ?? 0;
    at += blank;
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at);
      if (at < 0) return -1;
    } else if (blank === 0) return at;
  }
}

/** Comments in SQL nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    if (sql.startsWith('/*', at)) [depth, at] = [depth + 1, at + 2];
    else if (sql.startsWith('*/', at)) [depth, at] = [depth - 1, at + 2];
    else at += 1;
    if (at > sql.length) return -1;
  } while (depth > 0);
  return at;
}
