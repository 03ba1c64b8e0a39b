import { LegacyProblem } from './legacy-tree.ts';

export type Token = {
  readonly kind: 'name' | 'number' | 'text' | 'operator' | 'end';
  /** What it stands for: the name, the number, the text without its quotes. */
  readonly value: string;
  readonly at: number;
  readonly length: number;
};

const SPACE = /\s+/y;
const NAME = /[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.]*/uy;
const NUMBER = /\d+(\.\d+)?|\.\d+/y;
const OPERATOR = />=|<=|==|!=|<>|[-+*/<>=(),]/y;

/** The words of an old expression. A column's name with other characters in it stands in backticks or brackets. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', value: '', at: text.length, length: 0 });
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function tokenAt(text: string, at: number): Token {
  const first = text.charAt(at);
  if (first === "'" || first === '"') return quoted(text, { at, close: first, kind: 'text' });
  if (first === '`') return quoted(text, { at, close: '`', kind: 'name' });
  if (first === '[') return quoted(text, { at, close: ']', kind: 'name' });
  const name = matchAt(NAME, text, at);
  if (name !== null) return { kind: 'name', value: name, at, length: name.length };
  const number = matchAt(NUMBER, text, at);
  if (number !== null) return { kind: 'number', value: number, at, length: number.length };
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== null) return { kind: 'operator', value: operator, at, length: operator.length };
  throw new LegacyProblem(`\`${first}\` means nothing here`, { at });
}

type Quoted = { readonly at: number; readonly close: string; readonly kind: 'text' | 'name' };

/** Quotes within are doubled, as in SQL. */
function quoted(text: string, { at, close, kind }: Quoted): Token {
  let value = '';
  for (let end = at + 1; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (character !== close) {
      value += character;
      continue;
    }
    if (text.charAt(end + 1) !== close) return { kind, value, at, length: end + 1 - at };
    value += close;
    end += 1;
  }
  throw new LegacyProblem('the quote is not closed', { at, length: text.length - at });
}
