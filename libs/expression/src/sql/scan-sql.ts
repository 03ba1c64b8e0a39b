/** The pieces of an SQL text, as far as it has to be known what is a word and what is quoted. */
export type SqlPiece = {
  readonly kind: 'word' | 'quotedName' | 'string' | 'comment' | 'placeholder' | 'mark' | 'unclosed';
  readonly text: string;
  readonly from: number;
};

const WORD = /[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_$]*/uy;
const SPACE = /\s+/y;
const PLACEHOLDER = /\$\{\{[^}\n]{0,200}\}\}/y;

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
  if (first === "'") return until(text, from, { close: "'", kind: 'string' });
  if (first === '"' || first === '`')
    return until(text, from, { close: first, kind: 'quotedName' });
  if (text.startsWith('--', from)) {
    const end = text.indexOf('\n', from);
    return { kind: 'comment', text: text.slice(from, end === -1 ? text.length : end), from };
  }
  if (text.startsWith('/*', from)) return until(text, from, { close: '*/', kind: 'comment' });
  const placeholder = matchAt(PLACEHOLDER, text, from);
  if (placeholder !== null) return { kind: 'placeholder', text: placeholder, from };
  const word = matchAt(WORD, text, from);
  if (word !== null) return { kind: 'word', text: word, from };
  return { kind: 'mark', text: first, from };
}

type Closing = { readonly close: string; readonly kind: SqlPiece['kind'] };

/** Up to the closing mark; a doubled quote within is two pieces side by side, which changes nothing here. */
function until(text: string, from: number, { close, kind }: Closing): SqlPiece {
  const end = text.indexOf(close, from + 1);
  if (end === -1) return { kind: 'unclosed', text: text.slice(from), from };
  return { kind, text: text.slice(from, end + close.length), from };
}
