import { toFloeError } from '@floe/errors';
import type { AttemptFailure } from '@floe/execution';

// A person reads this; a driver that prints a whole statement into its error must not fill the database.
const MESSAGE_CHARACTERS_MAX = 8_000;

/** What was thrown, as plain data for the scheduler. */
export function toFailure(thrown: unknown): AttemptFailure {
  const error = toFloeError(thrown);
  const { code, details, hint, isRetryable } = error;
  const message = error.message.slice(0, MESSAGE_CHARACTERS_MAX);
  return { code, message, details, retryable: isRetryable, ...(hint !== undefined && { hint }) };
}
