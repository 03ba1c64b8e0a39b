import { setTimeout as delay } from 'node:timers/promises';
import { toFloeError } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import { FinishAttemptRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease, AttemptService } from '@floe/rpc/internal-contracts';
import { backoffMs } from '@floe/service';
import { withTraceparent } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';
import type { Outcome } from './attempt-outcome.ts';

// One call: a transaction and its way.
const CALL_WITHIN_MS = 3_000;
const FIRST_PAUSE_MS = 50;
// A scheduler that comes back is met within this.
const PAUSE_MAX_MS = 1_000;
// While the lease is renewed but its end is not taken, something is broken that waiting does not mend.
const TRIES_MAX = 60;

export type Finish = {
  readonly lease: AttemptLease;
  readonly outcome: Outcome;
  readonly peakMemoryBytes: number;
  /** Aborted when the lease is lost: then nobody waits for the outcome. */
  readonly leaseLost: AbortSignal;
};

export type FinishDependencies = {
  readonly scheduler: Pick<RpcClient<typeof AttemptService>, 'finishAttempt'>;
  readonly log: Log;
};

/** `unknown`: no answer came before the lease was gone. The outcome may well be that of the task. */
export type FinishAnswer = 'accepted' | 'refused' | 'unknown';

/**
 * Reports the end of an attempt until it is answered or the lease is gone; the same report twice is one. Does not
 * throw.
 */
export async function finishAttempt(
  deps: FinishDependencies,
  finish: Finish,
): Promise<FinishAnswer> {
  const { lease, leaseLost } = finish;
  const { runId, taskId, epoch, token } = lease;
  const { outcome, peakMemoryBytes } = finish;
  const request = FinishAttemptRequest.create({
    runId,
    taskId,
    epoch,
    token,
    outcome,
    peakMemoryBytes: BigInt(peakMemoryBytes),
  });
  const options = { deadlineMs: CALL_WITHIN_MS, signal: leaseLost };
  for (let tries = 1; tries <= TRIES_MAX && !leaseLost.aborted; tries += 1) {
    try {
      const answer = await withTraceparent(lease.traceparent, () =>
        deps.scheduler.finishAttempt(request, options),
      );
      return answer.accepted ? 'accepted' : 'refused';
    } catch (thrown) {
      const error = toFloeError(thrown);
      deps.log.warn({ err: error, tries }, 'the end of an attempt was not taken');
      if (!error.isRetryable) return 'unknown';
    }
    await pause(tries, leaseLost);
  }
  return 'unknown';
}

async function pause(tries: number, leaseLost: AbortSignal): Promise<void> {
  const ms = backoffMs(tries, { baseMs: FIRST_PAUSE_MS, maxMs: PAUSE_MAX_MS });
  await delay(ms, undefined, { signal: leaseLost }).catch(() => {
    // The lease is gone: the loop ends by itself.
  });
}
