import { LegacyProblem } from './legacy-tree.ts';
import type { Token } from './tokenise.ts';

/** A place in the words of an old expression. */
export type Reader = { readonly tokens: readonly Token[]; next: number; depth: number };

const END: Token = { kind: 'end', value: '', at: 0, length: 0 };

export function peek(reader: Reader): Token {
  return reader.tokens[reader.next] ?? reader.tokens.at(-1) ?? END;
}

export function take(reader: Reader): Token {
  const token = peek(reader);
  reader.next += 1;
  return token;
}

export function isOperator(reader: Reader, operators: ReadonlySet<string>): boolean {
  const { kind, value } = peek(reader);
  return kind === 'operator' && operators.has(value);
}

/** Words are names that stand bare: a column of that name stands in backticks. */
export function isWord(reader: Reader, word: string): boolean {
  return wordOf(peek(reader)) === word;
}

/** The word behind the next one. */
export function wordAfter(reader: Reader): string {
  return wordOf(reader.tokens[reader.next + 1] ?? END);
}

export function skipWord(reader: Reader, word: string): boolean {
  if (!isWord(reader, word)) return false;
  take(reader);
  return true;
}

export function expectWord(reader: Reader, word: string): void {
  const token = peek(reader);
  if (skipWord(reader, word)) return;
  const found = token.kind === 'end' ? 'the end' : `\`${token.value}\``;
  throw new LegacyProblem(`\`${word}\` is expected here, not ${found}`, token);
}

function wordOf({ kind, value, length }: Token): string {
  return kind === 'name' && length === value.length ? value.toLowerCase() : '';
}
