/**
 * The regular expressions with which texts choose columns by name. Polars matches them when a plan runs; the checker has
 * to know the same answer before, and JavaScript's own matcher may take for ever on a pattern of a user. So they are
 * parsed here and matched in time linear in the name (match-pattern.ts). What is not in this subset is refused.
 */
export type Pattern =
  | { readonly kind: 'character'; readonly isOne: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' | 'empty' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly part: Pattern;
      readonly least: number;
      readonly most: number;
    };

/** Repetitions are unrolled; names are short, so that larger counts mean nothing. */
const MAX_COUNT = 64;
/** Groups within each other; the parser recurses this deep. */
const MAX_DEPTH = 20;
/** Characters of one pattern. */
const MAX_LENGTH = 500;

const CLASSES: Readonly<Record<string, RegExp>> = {
  d: /^\p{Nd}$/u,
  w: /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u,
  s: /^\p{White_Space}$/u,
};
const NAMED_CLASS = /^\\([pP])\{(Alphabetic|Alpha|L|Lu|Ll|N|Nd|P)\}/;
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

type Reader = { readonly text: string; at: number };

/** The pattern, or why it is none. */
export function parsePattern(text: string): Pattern | { readonly problem: string } {
  if (text.length > MAX_LENGTH) return { problem: `it is longer than ${MAX_LENGTH} characters` };
  const reader: Reader = { text, at: 0 };
  try {
    const pattern = readChoice(reader, 0);
    return reader.at < text.length ? { problem: 'a `)` has no `(`' } : pattern;
  } catch (thrown) {
    if (thrown instanceof Refusal) return { problem: thrown.message };
    throw thrown;
  }
}

class Refusal extends Error {}

function readChoice(reader: Reader, depth: number): Pattern {
  if (depth > MAX_DEPTH) throw new Refusal('its groups are nested too deeply');
  const parts = [readSequence(reader, depth)];
  while (reader.text[reader.at] === '|') {
    reader.at += 1;
    parts.push(readSequence(reader, depth));
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
}

function readSequence(reader: Reader, depth: number): Pattern {
  const parts: Pattern[] = [];
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at] ?? '')) {
    parts.push(readRepeated(reader, depth));
  }
  return { kind: 'sequence', parts };
}

function readRepeated(reader: Reader, depth: number): Pattern {
  const part = readAtom(reader, depth);
  const counts = readCounts(reader);
  if (counts === null) return part;
  // Whether it is greedy does not change whether it matches.
  if (reader.text[reader.at] === '?') reader.at += 1;
  if (readCounts(reader) !== null) throw new Refusal('a repetition is repeated');
  return { kind: 'repeat', part, ...counts };
}

function readCounts(reader: Reader): { least: number; most: number } | null {
  const rest = reader.text.slice(reader.at, reader.at + 12);
  const simple = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[rest.charAt(0)];
  if (simple) {
    reader.at += 1;
    return { least: simple[0] ?? 0, most: simple[1] ?? 0 };
  }
  const match = /^\{(\d{1,3})(?:(,)(\d{0,3}))?\}/.exec(rest);
  if (match === null) return null;
  reader.at += match[0].length;
  const least = Number(match[1]);
  const most = match[2] === undefined ? least : match[3] ? Number(match[3]) : Infinity;
  const isFine = least <= MAX_COUNT && (most <= MAX_COUNT || most === Infinity) && least <= most;
  if (!isFine) throw new Refusal(`a count is more than ${MAX_COUNT}`);
  return { least, most };
}

function readAtom(reader: Reader, depth: number): Pattern {
  const [character = ''] = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
  const whole = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
  if (character === '(') return readGroup(reader, depth);
  if (character === '[') return readSet(reader);
  if (character === '\\') return readEscape(reader);
  if ('*+?{'.includes(character)) throw new Refusal('a repetition repeats nothing');
  reader.at += whole.length;
  if (character === '^') return { kind: 'start' };
  if (character === '$') return { kind: 'end' };
  if (character === '.') return { kind: 'character', isOne: (each) => each !== '\n' };
  return { kind: 'character', isOne: (each) => each === whole };
}

function readGroup(reader: Reader, depth: number): Pattern {
  const opening = /^\((\?:|\?P?<[A-Za-z_]\w*>)?/.exec(reader.text.slice(reader.at))?.[0] ?? '(';
  reader.at += opening.length;
  if (reader.text[reader.at] === '?') throw new Refusal('flags and look-around are not supported');
  const inner = readChoice(reader, depth + 1);
  if (reader.text[reader.at] !== ')') throw new Refusal('a `(` is not closed');
  reader.at += 1;
  return inner;
}

function readEscape(reader: Reader): Pattern {
  const { isOne, length } = escapeAt(reader.text.slice(reader.at, reader.at + 20));
  reader.at += length;
  return { kind: 'character', isOne };
}

type Escape = { readonly isOne: (character: string) => boolean; readonly length: number };

function escapeAt(text: string): Escape {
  const named = NAMED_CLASS.exec(text);
  if (named) {
    const test = new RegExp(`^\\p{${named[2]}}$`, 'u');
    const isWanted = named[1] === 'p';
    return { isOne: (each) => test.test(each) === isWanted, length: named[0].length };
  }
  const letter = text.charAt(1);
  const test = CLASSES[letter.toLowerCase()];
  if (test) {
    const isWanted = letter === letter.toLowerCase();
    return { isOne: (each) => test.test(each) === isWanted, length: 2 };
  }
  const control = CONTROLS[letter];
  if (control !== undefined) return { isOne: (each) => each === control, length: 2 };
  if (letter === '' || /[A-Za-z0-9]/.test(letter)) {
    throw new Refusal(`\`\\${letter}\` is not supported`);
  }
  return { isOne: (each) => each === letter, length: 2 };
}

function readSet(reader: Reader): Pattern {
  reader.at += 1;
  const isNegated = reader.text[reader.at] === '^';
  if (isNegated) reader.at += 1;
  const tests: ((character: string) => boolean)[] = [];
  let isFirst = true;
  while (isFirst || reader.text[reader.at] !== ']') {
    if (reader.at >= reader.text.length) throw new Refusal('a `[` is not closed');
    tests.push(readMember(reader));
    isFirst = false;
  }
  reader.at += 1;
  return {
    kind: 'character',
    isOne: (each) => tests.some((test) => test(each)) !== isNegated,
  };
}

function readMember(reader: Reader): (character: string) => boolean {
  const rest = reader.text.slice(reader.at, reader.at + 20);
  if (rest.startsWith('[')) throw new Refusal('sets within sets are not supported');
  if (rest.startsWith('\\')) {
    const { isOne, length } = escapeAt(rest);
    reader.at += length;
    return isOne;
  }
  const low = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  reader.at += low.length;
  const isRange =
    reader.text[reader.at] === '-' && !'\\]'.includes(reader.text[reader.at + 1] ?? ']');
  if (!isRange) return (each) => each === low;
  const high = String.fromCodePoint(reader.text.codePointAt(reader.at + 1) ?? 0);
  reader.at += 1 + high.length;
  const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
  if (from > to) throw new Refusal('a range runs backwards');
  return (each) => (each.codePointAt(0) ?? 0) >= from && (each.codePointAt(0) ?? 0) <= to;
}
