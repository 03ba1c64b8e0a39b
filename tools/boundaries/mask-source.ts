/**
 * Blanks what is not code in a TypeScript source: comments, and the insides of strings, templates and regular
 * expressions. Not a parser: TypeScript 7 has no API for JavaScript, and the rules need no syntax tree.
 *
 * M1. The result has the length of the text and its line breaks, so that an index in one is an index in the other.
 * M2. Quotes stay, and so does the code within `${}`.
 * M3. The text of JSX is read as code. An apostrophe there blanks at most the rest of its line; a lone backtick there
 *     leaves the file open at its end, which is reported rather than guessed at.
 */

export type MaskedSource = {
  readonly code: string;
  /** Where the comment or template starts that never ends. */
  readonly openAt: number | undefined;
};

type Scan = {
  readonly text: string;
  at: number;
  code: string;
  openAt: number | undefined;
  /** For each template that is open, how many braces are open in its current `${}`. */
  readonly braces: number[];
};

const NEXT_OF_INTEREST = /[/'"`{}]/g;
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REST_OF_LINE = /[^\n]*/y;
const REST_OF_FILE = /[\s\S]*/y;
const TEMPLATE_TEXT = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const REGEX = /\/(?:[^\\/[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;

/** After these a slash starts a regular expression; after a value it divides, and after `<` it closes a JSX element. */
const BEFORE_REGEX = new Set('([{,;=:?!&|+-*%^~>');
const WORDS_BEFORE_REGEX =
  /(?<![\w$.])(?:return|typeof|case|in|of|void|await|yield|throw|else|do)$/;

export function maskSource(text: string): MaskedSource {
  const scan: Scan = { text, at: 0, code: '', openAt: undefined, braces: [] };
  while (scan.at < text.length) {
    keepUntilNext(scan);
    if (scan.at < text.length) maskOne(scan);
  }
  return { code: scan.code, openAt: scan.openAt };
}

function keepUntilNext(scan: Scan): void {
  NEXT_OF_INTEREST.lastIndex = scan.at;
  keepTo(scan, NEXT_OF_INTEREST.exec(scan.text)?.index ?? scan.text.length);
}

function maskOne(scan: Scan): void {
  const character = scan.text[scan.at];
  if (character === '/') return maskSlash(scan);
  if (character === '`') return maskTemplate(scan);
  if (character === '{' || character === '}') return passBrace(scan, character);
  if (!maskMatch(scan, STRING, 1)) maskMatch(scan, REST_OF_LINE, 0);
}

function maskSlash(scan: Scan): void {
  if (maskMatch(scan, LINE_COMMENT, 0) || maskMatch(scan, BLOCK_COMMENT, 0)) return;
  if (scan.text.startsWith('/*', scan.at)) return leaveOpen(scan, scan.at);
  if (isBeforeRegex(scan.code) && maskMatch(scan, REGEX, 0)) return;
  keepTo(scan, scan.at + 1);
}

function isBeforeRegex(code: string): boolean {
  let last = code.length - 1;
  while (last >= 0 && code[last]?.trim() === '') last -= 1;
  if (last < 0 || BEFORE_REGEX.has(code[last] ?? '')) return true;
  return WORDS_BEFORE_REGEX.test(code.slice(Math.max(0, last - 10), last + 1));
}

/** At the backtick that opens a template, or at the brace that closes a `${}` of it. */
function maskTemplate(scan: Scan): void {
  const start = scan.at;
  keepTo(scan, start + 1);
  if (!maskMatch(scan, TEMPLATE_TEXT, 0)) return leaveOpen(scan, start);
  const isAtCode = scan.text[scan.at - 1] === '{';
  scan.code = scan.code.slice(0, isAtCode ? -2 : -1) + (isAtCode ? '${' : '`');
  if (isAtCode) scan.braces.push(0);
}

function passBrace(scan: Scan, brace: '{' | '}'): void {
  const open = scan.braces.pop();
  if (open === 0 && brace === '}') return maskTemplate(scan);
  if (open !== undefined) scan.braces.push(open + (brace === '{' ? 1 : -1));
  keepTo(scan, scan.at + 1);
}

function leaveOpen(scan: Scan, at: number): void {
  scan.openAt = at;
  maskMatch(scan, REST_OF_FILE, 0);
}

function keepTo(scan: Scan, end: number): void {
  scan.code += scan.text.slice(scan.at, end);
  scan.at = end;
}

/** Blanks a match but for its first and last characters, as many as `kept`. */
function maskMatch(scan: Scan, pattern: RegExp, kept: number): boolean {
  pattern.lastIndex = scan.at;
  const match = pattern.exec(scan.text)?.[0];
  if (match === undefined) return false;
  const inside = match.slice(kept, match.length - kept).replaceAll(/[^\n]/g, ' ');
  scan.code += match.slice(0, kept) + inside + match.slice(match.length - kept);
  scan.at += match.length;
  return true;
}
