import { FloeError, isUuid } from '@floe/errors';

/** The id as SQL takes it. What is no UUID is the id of no run: RUN_NOT_FOUND. */
export function parseRunId(text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw runNotFound(text);
}

// Enough of what is no id to see what it is.
const SHOWN_CHARACTERS = 80;

export function runNotFound(runId: string): FloeError {
  const shown = runId.slice(0, SHOWN_CHARACTERS);
  return new FloeError('RUN_NOT_FOUND', `no run has the id '${shown}'`, {
    details: { runId: shown },
    hint: 'List the runs to find the right id; ids look like 01890a5d-ac96-774b-bcce-b302099a8057.',
  });
}

const MS_DIGITS = 12;

/**
 * The smallest UUIDv7 of an instant: ids begin with their 48-bit millisecond (RFC 9562, section 5.7), so a range of
 * creation times is a range of ids.
 */
export function firstRunIdAt(instantMs: number): string {
  const digits = Math.max(0, instantMs).toString(16).padStart(MS_DIGITS, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
}
