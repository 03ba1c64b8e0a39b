import { setTimeout as sleep } from 'node:timers/promises';
import { toFloeError } from '@floe/errors';

// A killed gateway or service is back within a few seconds; this is several times that.
const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/**
 * Makes an idempotent call again while the server is away, as during a restart, up to half a minute from
 * the first failure. `onWait` is told once, before the first pause.
 */
export async function patiently<Answer>(
  call: () => Promise<Answer>,
  onWait: () => void = () => {},
): Promise<Answer> {
  let giveUpAt: number | undefined;
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      const error = toFloeError(thrown);
      if (error.category !== 'unavailable') throw error;
      if (giveUpAt === undefined) onWait();
      giveUpAt ??= Date.now() + PATIENCE_MS;
      if (Date.now() > giveUpAt) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
