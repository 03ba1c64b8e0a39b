import type { RunState } from '@floe/client';
import type { ErrorCode, FloeError } from '@floe/errors';

/** What the command says to the shell. Part of the public surface: a script may rely on each. */
export const EXIT = {
  succeeded: 0,
  failed: 1,
  /** Wrong usage, or a document, parameter or option that is not valid. */
  invalid: 2,
  cancelled: 3,
  unreachable: 4,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

// What says that Floe itself does not answer; a database of the user that does not is a failure like others.
const UNREACHABLE: readonly ErrorCode[] = [
  'SERVICE_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'BUS_UNAVAILABLE',
];

export function exitCodeOfError(error: FloeError): ExitCode {
  if (UNREACHABLE.includes(error.code)) return EXIT.unreachable;
  if (error.category === 'invalid') return EXIT.invalid;
  if (error.code === 'CANCELLED') return EXIT.interrupted;
  if (error.category === 'cancelled') return EXIT.cancelled;
  return EXIT.failed;
}

/** The exit code of a command that waited for a run to end. */
export function exitCodeOfRun(state: RunState): ExitCode {
  if (state === 'RUN_STATE_SUCCEEDED') return EXIT.succeeded;
  if (state === 'RUN_STATE_CANCELLED') return EXIT.cancelled;
  return EXIT.failed;
}
