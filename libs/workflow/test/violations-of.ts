import { FloeError, type Violation } from '@floe/errors';

/** The error that the body throws; fails when it throws none, or one of another class. */
export function errorOf(body: () => unknown): FloeError {
  try {
    body();
  } catch (thrown) {
    if (thrown instanceof FloeError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/** Violations as lines of text: `line:column+length field: message | hint`. */
export function violationLines(body: () => unknown): readonly string[] {
  return errorOf(body).violations.map(asLine);
}

function asLine({ field, message, hint, place }: Violation): string {
  const where = place === undefined ? '' : `${place.line}:${place.column}+${place.length} `;
  return `${where}${field}: ${message}${hint === undefined ? '' : ` | ${hint}`}`;
}
