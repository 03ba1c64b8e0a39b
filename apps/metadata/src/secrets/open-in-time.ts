import { openTarget, type TargetAddress, type TargetSession } from '@floe/database';
import { FloeError } from '@floe/errors';

/**
 * Opens a session of a user's database within a time, which also limits all that the session does. A server that
 * accepts and says nothing would otherwise hold the caller for as long as the driver waits for a login.
 * Errors: CONNECTION_FAILED when the time is over.
 */
export async function openInTime(
  address: TargetAddress,
  limits: { applicationName: string; withinMs: number; signal: AbortSignal },
): Promise<TargetSession> {
  const { applicationName, withinMs, signal } = limits;
  const opening = openTarget(address, { applicationName, statementTimeoutMs: withinMs, signal });
  const late = Promise.withResolvers<never>();
  const onAbort = () => late.reject(tooSlow(withinMs));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([opening, late.promise]);
  } catch (thrown) {
    closeWhenOpen(opening);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function tooSlow(withinMs: number): FloeError {
  return new FloeError(
    'CONNECTION_FAILED',
    `the database did not answer within ${withinMs / 1_000} s`,
    {
      hint: 'Check host and port of the connection, and that a PostgreSQL listens there.',
    },
  );
}

/** Nobody waits for this session any more; the driver's own limits end the attempt to open it. */
function closeWhenOpen(opening: Promise<TargetSession>): void {
  opening.then(
    (session) => session[Symbol.asyncDispose](),
    () => undefined,
  );
}
