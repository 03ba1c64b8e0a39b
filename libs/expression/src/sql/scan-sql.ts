/** The pieces of an SQL text. */
export type SqlPiece = {
  readonly kind:
    | 'word'
    | 'quotedName'
    | 'string'
    | 'number'
    | 'comment'
    | 'placeholder'
    | 'mark'
    | 'unclosed';
  readonly text: string;
  readonly from: number;
};

const WORD = /[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_$]*/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const SPACE = /\s+/y;
const PLACEHOLDER = /\$\{\{[^}\n]{0,200}\}\}/y;
/** Longest first. */
const MARKS = [
  '!~~*',
  '!~~',
  '!~*',
  '~~*',
  '->>',
  '#>>',
  '<=>',
  '::',
  '<>',
  '!=',
  '<=',
  '>=',
  '==',
  '||',
  '//',
  '!~',
  '~~',
  '~*',
  '^@',
  '->',
  '#>',
];

export function scanSql(text: string): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const piece = pieceAt(text, at);
    pieces.push(piece);
    at += piece.text.length;
  }
  return pieces;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function pieceAt(text: string, from: number): SqlPiece {
  const first = text.charAt(from);
  if (first === "'") return quoted(text, from, 'string');
  if (first === '"' || first === '`') return quoted(text, from, 'quotedName');
  if (text.startsWith('--', from)) {
    const end = text.indexOf('\n', from);
    return { kind: 'comment', text: text.slice(from, end === -1 ? text.length : end), from };
  }
  if (text.startsWith('/*', from)) {
    const end = text.indexOf('*/', from + 2);
    if (end === -1) return { kind: 'unclosed', text: text.slice(from), from };
    return { kind: 'comment', text: text.slice(from, end + 2), from };
  }
  const placeholder = matchAt(PLACEHOLDER, text, from);
  if (placeholder !== null) return { kind: 'placeholder', text: placeholder, from };
  const word = matchAt(WORD, text, from);
  if (word !== null) return { kind: 'word', text: word, from };
  const number = matchAt(NUMBER, text, from);
  if (number !== null) return { kind: 'number', text: number, from };
  const mark = MARKS.find((each) => text.startsWith(each, from)) ?? characterAt(text, from);
  return { kind: 'mark', text: mark, from };
}

/** Up to the closing quote; a doubled one stands for itself. */
function quoted(text: string, from: number, kind: 'string' | 'quotedName'): SqlPiece {
  const quote = text.charAt(from);
  let end = text.indexOf(quote, from + 1);
  while (end !== -1 && text.charAt(end + 1) === quote) end = text.indexOf(quote, end + 2);
  if (end === -1) return { kind: 'unclosed', text: text.slice(from), from };
  return { kind, text: text.slice(from, end + 1), from };
}

/** Both halves of a character beyond the first plane. */
const characterAt = (text: string, at: number): string =>
  String.fromCodePoint(text.codePointAt(at) ?? 0);

/** What stands within the quotes. */
export function unquoted({ text }: SqlPiece): string {
  const quote = text.charAt(0);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
