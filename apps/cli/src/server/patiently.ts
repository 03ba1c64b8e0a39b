import { setTimeout as sleep } from 'node:timers/promises';
import { FloeError, toFloeError } from '@floe/errors';

// A killed gateway or service is back within a few seconds; this is several times that.
const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

export type Patience = {
  /** Told once, before the first pause. */
  readonly onWait?: () => void;
  /** Ends the waiting; the call fails with CANCELLED then. */
  readonly signal?: AbortSignal;
  /** Nothing has answered yet: where there is no server at all there is nothing to wait for. */
  readonly isFirst?: boolean;
};

/**
 * Makes an idempotent call again while the server is away, as during a restart, up to half a minute from
 * the first failure.
 */
export async function patiently<Answer>(
  call: () => Promise<Answer>,
  { onWait, signal, isFirst = false }: Patience = {},
): Promise<Answer> {
  let giveUpAt: number | undefined;
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      const error = toFloeError(thrown);
      if (error.category !== 'unavailable' || (isFirst && isUnreached(error))) throw error;
      if (giveUpAt === undefined) onWait?.();
      giveUpAt ??= Date.now() + PATIENCE_MS;
      if (Date.now() > giveUpAt) throw error;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal?.aborted === true) throw interrupted(error);
    }
  }
}

/** There was no connection; what a gateway says that misses a service is another matter. */
function isUnreached({ code, details }: FloeError): boolean {
  return code === 'SERVICE_UNAVAILABLE' && details['url'] !== undefined;
}

function interrupted(cause: FloeError): FloeError {
  return new FloeError('CANCELLED', `interrupted while waiting: ${cause.message}`, { cause });
}
