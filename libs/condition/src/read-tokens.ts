import { refuse } from './problem.ts';

export type Token = {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  /** Of a text what stands between its quotes; else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

const SPACE = /\s+/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const TEXT = /'[^'\n]*'|"[^"\n]*"/y;
const SIGN = /==|!=|<=|>=|<|>|[()[\],]/y;

// What people write who know another language, and what is meant by it.
const MENDS: Readonly<Record<string, string>> = {
  '=': 'Write `==` to compare.',
  '&': 'Write `and`.',
  '|': 'Write `or`.',
  '!': 'Write `not`, or `!=` to compare.',
};

/** Cuts a condition into its parts; the last one is `end`. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = matchEnd(SPACE, text, 0);
  while (at < text.length) {
    const token = readToken(text, at);
    tokens.push(token);
    at = matchEnd(SPACE, text, token.end);
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }];
}

function readToken(text: string, start: number): Token {
  const forms = [
    ['number', NUMBER],
    ['name', NAME],
    ['text', TEXT],
    ['sign', SIGN],
  ] as const;
  for (const [kind, form] of forms) {
    const end = matchEnd(form, text, start);
    if (end === start) continue;
    const written = text.slice(start, end);
    return { kind, text: kind === 'text' ? written.slice(1, -1) : written, start, end };
  }
  const found = text[start]!;
  if (found === "'" || found === '"') {
    refuse({ start, end: text.length }, 'the text has no closing quote');
  }
  refuse({ start, end: start + 1 }, `\`${found}\` has no meaning in a condition`, MENDS[found]);
}

/** Where the form ends that begins at this place; the place itself when none does. */
function matchEnd(form: RegExp, text: string, start: number): number {
  form.lastIndex = start;
  return form.test(text) ? form.lastIndex : start;
}
