/** What requests may hold. Whatever is wrong is said with its field, before PostgreSQL or NATS see it. */
import { FloeError } from '@floe/errors';

// Longer than any name that the document or a database allows.
export const NAME_CHARACTERS_MAX = 1_000;

export function argumentInvalid(field: string, problem: string, hint?: string): FloeError {
  const told = hint === undefined ? {} : { hint };
  return new FloeError('ARGUMENT_INVALID', `${field} ${problem}`, {
    details: { field },
    violations: [{ field, message: problem, ...told }],
    ...told,
  });
}

/** A text that PostgreSQL can compare: no NUL, no half of a surrogate pair. Throws ARGUMENT_INVALID. */
export function requireText(
  field: string,
  text: string,
  charactersMax = NAME_CHARACTERS_MAX,
): string {
  if (text.length > charactersMax) {
    throw argumentInvalid(field, `has ${text.length} characters; at most ${charactersMax}`);
  }
  if (!text.includes('\0') && text.isWellFormed()) return text;
  throw argumentInvalid(field, 'holds a character that no text of Floe has');
}

// The years of google.protobuf.Timestamp; ids of runs and PostgreSQL go further.
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since 1970, or undefined when absent. Throws ARGUMENT_INVALID. */
export function requireInstant(field: string, value: Date | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = value.getTime();
  if (ms >= EARLIEST_MS && ms <= LATEST_MS) return ms;
  throw argumentInvalid(field, 'is no instant of the years 1 to 9999');
}
