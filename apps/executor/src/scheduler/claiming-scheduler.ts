/**
 * Schedulers that do not exchange yet: attempts are claimed hint by hint and finished one by one.
 *
 *   C1. A hint is acknowledged when its claim is decided, whichever way; then PostgreSQL alone knows of the attempt.
 *   C2. A claim that nobody answered is made again under the same token by the repeated request.
 *   C3. Such a scheduler counts no light tasks, so all of its attempts take slots.
 */
import type { Bus, ReceivedHint } from '@floe/bus';
import type {
  ExchangeAnswer,
  ExchangeRequest,
  Finish,
  Hint,
  HintSource,
  Lane,
  Lease,
  Scheduler,
} from '@floe/execution';
import { toFloeError } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import { ClaimAttemptRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease, AttemptService } from '@floe/rpc/internal-contracts';
import { toFinishRequest } from './to-finish-request.ts';
import { toLease } from './to-lease.ts';

// Below half of the 10 s after which NATS gives an unsettled hint to another.
const EXPIRES_MS = 4_500;
// Long enough that others are asked first, short enough that nobody notices.
const RETURN_AFTER_MS = 250;

export type ClaimingOptions = {
  readonly client: Pick<RpcClient<typeof AttemptService>, 'claimAttempt' | 'finishAttempt'>;
  readonly bus: Pick<Bus, 'fetchHints'>;
  readonly executorId: string;
  readonly pool: string;
};

export class ClaimingScheduler implements HintSource, Pick<Scheduler<AttemptLease>, 'exchange'> {
  readonly #options: ClaimingOptions;
  readonly #hints = new Set<ReceivedHint>();

  constructor(options: ClaimingOptions) {
    this.#options = options;
  }

  async next(lane: Lane, signal: AbortSignal): Promise<Hint | undefined> {
    // C3
    if (lane === 'light') return aborted(signal);
    const { bus, pool } = this.#options;
    const options = { max: 1, expiresMs: EXPIRES_MS, signal };
    for await (const hint of bus.fetchHints(pool, options)) {
      this.#hints.add(hint);
      const release = () => {
        this.#hints.delete(hint);
        hint.retryLater(RETURN_AFTER_MS);
      };
      // C1: the claim acknowledges it.
      return { ack: () => {}, release };
    }
    return undefined;
  }

  async exchange(
    { token, free, finished }: ExchangeRequest,
    deadlineMs: number,
  ): Promise<ExchangeAnswer<AttemptLease>> {
    const ends = finished.map((finish) => this.#finish(finish, deadlineMs));
    const accepted = await Promise.all(ends);
    const hints = [...this.#hints].slice(0, free.slot);
    const claims = await Promise.all(hints.map((hint) => this.#claim(hint, token, deadlineMs)));
    const leases = claims.filter((lease) => lease !== undefined);
    return { accepted, leases, moreReady: false };
  }

  async #finish(finish: Finish, deadlineMs: number): Promise<boolean> {
    const request = toFinishRequest(finish);
    return (await this.#options.client.finishAttempt(request, { deadlineMs })).accepted;
  }

  async #claim(
    hint: ReceivedHint,
    token: string,
    deadlineMs: number,
  ): Promise<Lease<AttemptLease> | undefined> {
    const { client, executorId } = this.#options;
    const { runId, taskId, epoch } = hint;
    const named = { runId, taskId, epoch: BigInt(epoch), executorId, token };
    const request = ClaimAttemptRequest.create(named);
    try {
      const { result } = await client.claimAttempt(request, { deadlineMs });
      this.#hints.delete(hint);
      hint.ack();
      return result?.$case === 'lease' ? { ...toLease(result.value), lane: 'slot' } : undefined;
    } catch (thrown) {
      const error = toFloeError(thrown);
      // C2
      if (error.category !== 'invalid' && error.category !== 'not_found') throw error;
      this.#hints.delete(hint);
      hint.discard(error.code);
      return undefined;
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
