import { unreadable } from './finding.ts';
import { DEPTH_MAX, DOCUMENT_CHARACTERS_MAX } from './limits.ts';

type Place = { readonly value: unknown; readonly path: string; readonly depth: number };

/**
 * Refuses a value that PostgreSQL does not store as JSON, or that is larger or deeper than Floe takes. Walks with a
 * stack of its own: the value may be nested as deeply as it likes. Throws DOCUMENT_INVALID.
 */
export function checkStorable(root: unknown, at = ''): void {
  const stack: Place[] = [{ value: root, path: at, depth: 0 }];
  let characters = 0;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { value, path, depth } = place;
    if (typeof value === 'string') characters += checkText(value, path);
    if (characters > DOCUMENT_CHARACTERS_MAX) throw tooLarge(characters);
    if (typeof value !== 'object' || value === null) continue;
    if (depth === DEPTH_MAX) throw refused(path, `is nested more than ${DEPTH_MAX} levels deep`);
    for (const [name, inner] of Object.entries(value)) {
      characters += checkText(name, path);
      stack.push({ value: inner, path: path === '' ? name : `${path}.${name}`, depth: depth + 1 });
    }
  }
}

function checkText(text: string, path: string): number {
  if (text.length > DOCUMENT_CHARACTERS_MAX)
    throw refused(path, `has ${text.length} characters; at most ${DOCUMENT_CHARACTERS_MAX}`);
  if (text.includes('\0')) throw refused(path, 'holds the character NUL');
  if (!text.isWellFormed()) throw refused(path, 'holds half of a Unicode character');
  return text.length;
}

function tooLarge(characters: number): Error {
  return unreadable([
    {
      path: '',
      message: `the document has more than ${characters - 1} characters; at most ${DOCUMENT_CHARACTERS_MAX}`,
    },
  ]);
}

/** Paths are shown to people: a name of a megabyte is not. */
const PATH_SHOWN_MAX = 200;

function refused(path: string, message: string): Error {
  const shown = path.length > PATH_SHOWN_MAX ? `${path.slice(0, PATH_SHOWN_MAX)}...` : path;
  return unreadable([{ path: shown.toWellFormed().replaceAll('\0', '?'), message }]);
}
