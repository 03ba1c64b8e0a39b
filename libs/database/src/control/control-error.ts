import { FloeError, saidOf } from '@floe/errors';

// SQLSTATE classes that pass by themselves: connection lost, server starting or stopping, no connection free.
const UNAVAILABLE_CLASSES = ['08', '57', '53'];
// A transaction that lost a race; the same transaction again succeeds.
const CONFLICT_STATES = new Set(['40001', '40P01', '55P03']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

// A row for which there is no partition; the routine of PostgreSQL that says so tells it from other violations.
const CHECK_VIOLATION = '23514';
const FIND_PARTITION = 'ExecFindPartition';

// Text that is no UTF-8 or holds NUL, as text and within JSON.
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/** What a failed statement on the control database means: unavailable (try again) or a bug. */
export function toControlError(thrown: unknown): FloeError {
  if (thrown instanceof FloeError) return thrown;
  const code = errorCode(thrown);
  const message = saidOf(thrown);
  if (isUnavailable(code, thrown)) {
    return new FloeError(
      'DATABASE_UNAVAILABLE',
      `the control database does not answer: ${message}`,
      {
        cause: thrown,
        hint: 'Floe goes on as soon as it is back; check FLOE_DATABASE_URL and the PostgreSQL server.',
      },
    );
  }
  if (code === CHECK_VIOLATION && readText(thrown, 'routine') === FIND_PARTITION) {
    return new FloeError(
      'OUTSIDE_HISTORY',
      'the history has no place for the time that the run id says',
      {
        cause: thrown,
        hint: 'Run ids begin with the time of their run: compare the clock with that of PostgreSQL.',
      },
    );
  }
  if (code !== undefined && UNSTORABLE_TEXT.has(code)) {
    return new FloeError('ARGUMENT_INVALID', 'a text holds a character that no database stores', {
      cause: thrown,
      hint: 'Leave out NUL characters and halves of surrogate pairs.',
    });
  }
  return new FloeError('INTERNAL', `the control database refused a statement: ${message}`, {
    cause: thrown,
    details: code === undefined ? {} : { sqlstate: code },
  });
}

function isUnavailable(code: string | undefined, thrown: unknown): boolean {
  // The driver reports a broken connection and an exhausted pool as errors without a code.
  if (code === undefined) return thrown instanceof Error && thrown.name === 'Error';
  return (
    NETWORK_CODES.has(code) ||
    CONFLICT_STATES.has(code) ||
    UNAVAILABLE_CLASSES.includes(code.slice(0, 2))
  );
}

function errorCode(thrown: unknown): string | undefined {
  return readText(thrown, 'code');
}

function readText(thrown: unknown, field: string): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, field);
  return typeof value === 'string' ? value : undefined;
}
