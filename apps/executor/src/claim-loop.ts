/**
 * Gets the next attempt for a free slot.
 *
 * Owns nothing: a hint is fetched, decided and settled within one call.
 *
 *   C1. One hint is fetched for one free slot, so that no executor ever holds a hint that it cannot run.
 *   C2. A hint is acknowledged when the claim is decided, whichever way; then PostgreSQL alone knows of the attempt.
 *   C3. A claim that nobody answered leaves the hint to be delivered again.
 *   C4. No hint ends the loop: one that the scheduler calls wrong is dropped.
 */
import type { Bus, ReceivedHint } from '@floe/bus';
import { toFloeError } from '@floe/errors';
import type { FloeError } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import { ClaimAttemptRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease, AttemptService } from '@floe/rpc/internal-contracts';
import { withTraceparent } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';
import type { OwnClaims } from './own-claims.ts';

// Below half of the 10 s after which NATS gives an unsettled hint to another.
const FETCH_EXPIRES_MS = 4_500;
// A claim is one transaction. With the fetch it stays below those 10 s.
const CLAIM_WITHIN_MS = 3_000;
// Long enough for a scheduler to come back, short enough that nobody notices.
const RETRY_HINT_MS = 1_000;

export type ClaimDependencies = {
  readonly bus: Pick<Bus, 'fetchHints'>;
  readonly scheduler: Pick<RpcClient<typeof AttemptService>, 'claimAttempt'>;
  readonly executorId: string;
  readonly pool: string;
  readonly claims: OwnClaims;
  readonly log: Log;
};

/** An attempt that is ours from now on. */
export type Claimed = {
  readonly kind: 'claimed';
  readonly lease: AttemptLease;
  /** When the claim was sent (performance.now): from then on the lease counts. */
  readonly sentAtMs: number;
  /** The span that published the hint. */
  readonly publishTraceparent: string | undefined;
};

export type ClaimResult =
  | Claimed
  /** Nothing to run for now. */
  | { readonly kind: 'empty' }
  /** The scheduler did not answer. */
  | { readonly kind: 'unavailable' };

/** Waits for a hint for a few seconds and claims its attempt. Does not throw. */
export async function claimNext(
  deps: ClaimDependencies,
  signal: AbortSignal,
): Promise<ClaimResult> {
  const fetched = deps.bus.fetchHints(deps.pool, { max: 1, expiresMs: FETCH_EXPIRES_MS, signal });
  for await (const hint of fetched) {
    if (!signal.aborted) return claim(deps, hint);
    hint.retryLater(0);
  }
  return { kind: 'empty' };
}

async function claim(deps: ClaimDependencies, hint: ReceivedHint): Promise<ClaimResult> {
  const token = deps.claims.begin(hint);
  if (token === undefined) {
    hint.ack();
    return { kind: 'empty' };
  }
  const result = await claimWith(deps, hint, token);
  if (result.kind !== 'claimed') deps.claims.end(hint);
  return result;
}

async function claimWith(
  deps: ClaimDependencies,
  hint: ReceivedHint,
  token: string,
): Promise<ClaimResult> {
  const { runId, taskId, epoch } = hint;
  const { executorId } = deps;
  const claimed = { runId, taskId, epoch: BigInt(epoch), executorId, token };
  const request = ClaimAttemptRequest.create(claimed);
  const sentAtMs = performance.now();
  try {
    const { result } = await withTraceparent(hint.traceparent, () =>
      deps.scheduler.claimAttempt(request, { deadlineMs: CLAIM_WITHIN_MS }),
    );
    hint.ack();
    if (result?.$case === 'lease') {
      const { value: lease } = result;
      return { kind: 'claimed', lease, sentAtMs, publishTraceparent: hint.traceparent };
    }
    deps.log.debug(
      { run_id: runId, task_id: taskId, epoch, reason: result?.value.reason },
      'a claim was refused',
    );
    return { kind: 'empty' };
  } catch (thrown) {
    return settleFailed(deps, hint, toFloeError(thrown));
  }
}

function settleFailed(deps: ClaimDependencies, hint: ReceivedHint, error: FloeError): ClaimResult {
  const { runId, taskId, epoch } = hint;
  const isWrong = error.category === 'invalid' || error.category === 'not_found';
  const fields = { err: error, run_id: runId, task_id: taskId, epoch };
  if (isWrong) {
    deps.log.error(fields, 'the scheduler calls a hint wrong; it was dropped');
    hint.discard(error.code);
    return { kind: 'empty' };
  }
  deps.log.warn(fields, 'an attempt could not be claimed; its hint comes again');
  hint.retryLater(RETRY_HINT_MS);
  return { kind: 'unavailable' };
}
