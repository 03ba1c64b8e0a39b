import { FloeError } from '@floe/errors';

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

/** What a failed statement on the control database means: unavailable (try again) or a bug. */
export function toControlError(thrown: unknown): FloeError {
  if (thrown instanceof FloeError) return thrown;
  const code = errorCode(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
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
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const code: unknown = Reflect.get(thrown, 'code');
  return typeof code === 'string' ? code : undefined;
}
