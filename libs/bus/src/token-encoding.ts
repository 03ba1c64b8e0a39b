/**
 * Names as one token of a NATS subject.
 *
 * Letters, digits and `-` stay. `_` becomes `__`. Every other character becomes its UTF-8 bytes, each as `_` and two
 * upper-case hex digits; the empty name is a single `_`. So a token consists of `[A-Za-z0-9_-]`, has no dot, space or
 * wildcard, and only one name gives it. Names are well-formed Unicode; a lone surrogate cannot be encoded.
 */
import { FloeError } from '@floe/errors';

const PLAIN = /[A-Za-z0-9-]/;
const EMPTY = '_';
const TOKEN = /^(?:[A-Za-z0-9-]|__|_[0-9A-F]{2})+$/;

/** Throws ARGUMENT_INVALID for a name that is no well-formed Unicode. */
export function encodeToken(name: string): string {
  if (name === '') return EMPTY;
  if (!name.isWellFormed()) {
    throw new FloeError('ARGUMENT_INVALID', `the name ${JSON.stringify(name)} is no valid Unicode`);
  }
  return Array.from(name, encodeCharacter).join('');
}

function encodeCharacter(character: string): string {
  if (PLAIN.test(character)) return character;
  if (character === '_') return '__';
  const bytes = [...Buffer.from(character, 'utf8')];
  return bytes.map((byte) => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** The name that a token stands for; undefined when no name is encoded like this. */
export function decodeToken(token: string): string | undefined {
  if (token === EMPTY) return '';
  if (!TOKEN.test(token)) return undefined;
  const bytes = token.replaceAll('__', '_5F').replaceAll(/_([0-9A-F]{2})/g, '%$1');
  try {
    const name = decodeURIComponent(bytes);
    return encodeToken(name) === token ? name : undefined;
  } catch {
    // Bytes that are no UTF-8: decodeURIComponent says so by throwing, and the answer is "no name".
    return undefined;
  }
}
