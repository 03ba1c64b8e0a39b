import { FloeError, saidOf } from '@floe/errors';
import { lostDigits, rawJson } from '../json-digits.ts';

/** Lines of NDJSON for the rows of an answer in JSON. Errors: HTTP_ANSWER_INVALID. */
export function rowsOfJson(text: string, path: string | undefined): readonly string[] {
  const rows = rowsAt(parseExactly(text), path);
  return rows.map((row, index) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return JSON.stringify(row);
    const place = path === undefined ? `[${index}]` : `${path}[${index}]`;
    throw invalid(
      `${place} is ${describe(row)}, not an object`,
      'A row is an object with columns.',
    );
  });
}

// Only what has so many digits can be more than a number of JavaScript holds.
const LONG_NUMBER = /\d{16}/;

function parseExactly(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? (JSON.parse(text, keepDigits) as unknown) : JSON.parse(text);
  } catch (thrown) {
    const reason = saidOf(thrown);
    // It quotes some of the text, which may be long.
    throw invalid(`it is no JSON: ${reason.slice(0, 200)}`, 'Is `format` what the server sends?');
  }
}

/** A whole number beyond 2^53 keeps its digits on the way to the column. */
function keepDigits(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  const digits = lostDigits(value, context);
  return digits === undefined ? value : rawJson(digits);
}

function rowsAt(document: unknown, path: string | undefined): readonly unknown[] {
  let found = document;
  for (const name of path?.split('.') ?? []) {
    const isObject = typeof found === 'object' && found !== null && Object.hasOwn(found, name);
    if (!isObject) throw invalid(`it has nothing at "${path}"`, `It is ${describe(document)}.`);
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  if (Array.isArray(found)) return found;
  if (typeof found === 'object' && found !== null) return [found];
  throw invalid(`${path ?? 'it'} is ${describe(found)}, not a list of objects`, ROWS_HINT);
}

const ROWS_HINT = 'Say by `rows` where the list is within the answer, like data.items.';

// Enough to find the list by.
const NAMES_SHOWN = 10;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const names = Object.keys(value).slice(0, NAMES_SHOWN);
  return `an object with ${names.length === 0 ? 'nothing in it' : names.join(', ')}`;
}

function invalid(message: string, hint: string): FloeError {
  return new FloeError('HTTP_ANSWER_INVALID', `the answer cannot be read: ${message}`, { hint });
}
