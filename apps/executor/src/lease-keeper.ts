/**
 * Keeps the leases of the attempts that run here, and tells the scheduler that this executor lives.
 *
 * Owns: the list of held leases and a fence timer for each.
 *
 *   K1. One call renews all leases, and goes out at least every 2 s, also when there are none.
 *   K2. A renewal counts from when it was sent, not from when it was answered. What is not an answer is no renewal.
 *   K3. A lease that was not renewed within its time less a margin is given up before the scheduler gives it away.
 *   K4. A lease that is lost, by verdict or by K3, is told once and never renewed again.
 *   K5. Time only buys liveness here: an executor that is late is stopped by its epoch, not by its clock.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RpcClient } from '@floe/rpc';
import type { Executor } from '@floe/rpc/contracts';
import { RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease, AttemptService, LeaseVerdict } from '@floe/rpc/internal-contracts';
import { startDuty } from '@floe/service';
import type { Duty } from '@floe/service';
import { formatTraceparent, newSpanId, newTraceId, withTraceparent } from '@floe/telemetry';
import type { Log } from '@floe/telemetry';

// With its jitter it stays below the 2 s in which an executor is to be heard of.
const HEARTBEAT_MS = 1_600;
const JITTER = 0.2;
// A third of the lease leaves two more tries before the fence.
const RENEWALS_PER_LEASE = 3;
// The share of a lease that is left for killing the worker before the lease is over.
const MARGIN_SHARE = 0.2;
// A call that hangs for longer is given up, so that the next one still comes in time.
const CALL_WITHIN_MS = 1_500;

export type Holder = {
  readonly lease: AttemptLease;
  /** So far. */
  readonly progress: () => { readonly rows: number; readonly bytes: number };
  /** The right to run is gone: nothing of the attempt counts any more. Called at most once. */
  readonly onLost: (reason: string) => void;
  readonly onCancel: () => void;
};

type Held = { readonly holder: Holder; fence: NodeJS.Timeout | undefined };

export type LeaseKeeperOptions = {
  readonly client: Pick<RpcClient<typeof AttemptService>, 'renewLeases'>;
  readonly describe: () => Executor;
  readonly log: Log;
};

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Set<Held>();
  #duty: Duty | undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#duty = startDuty({
      name: 'renew leases',
      everyMs: 0,
      run: (signal) => this.#renewAndPause(signal),
      onError: (error) =>
        this.#options.log.error({ err: error }, 'renewing leases failed by a bug'),
    });
  }

  /** Keeps a lease until the returned function is called. `sentAtMs`: when the claim was sent (performance.now). */
  hold(holder: Holder, sentAtMs: number): () => void {
    const held: Held = { holder, fence: undefined };
    this.#held.add(held);
    this.#setFence(held, sentAtMs);
    return () => this.#release(held);
  }

  /** Tells the scheduler a last time how this executor is. */
  async stop(): Promise<void> {
    await this.#duty?.stop();
    // The goodbye: the scheduler need not wait to see that this executor is gone.
    await this.#renew();
    for (const held of this.#held) this.#release(held);
  }

  async #renewAndPause(signal: AbortSignal): Promise<void> {
    await this.#renew();
    await delay(this.#intervalMs(), undefined, { signal }).catch(() => {
      // The abort of a stop: there is nothing left to wait for.
    });
  }

  #intervalMs(): number {
    const leases = [...this.#held].map(({ holder }) => Number(holder.lease.leaseMs));
    const base = Math.min(HEARTBEAT_MS, ...leases.map((leaseMs) => leaseMs / RENEWALS_PER_LEASE));
    return base * (1 + JITTER * (2 * Math.random() - 1));
  }

  async #renew(): Promise<void> {
    const renewing = [...this.#held];
    const sentAtMs = performance.now();
    const verdicts = await this.#ask(renewing);
    for (const [index, held] of renewing.entries()) {
      const verdict = verdicts[index];
      if (verdict !== undefined && this.#held.has(held)) this.#apply(held, verdict, sentAtMs);
    }
  }

  /** Empty when there is no answer (K2): the fences go on. */
  async #ask(renewing: readonly Held[]): Promise<readonly LeaseVerdict[]> {
    const { client, describe, log } = this.#options;
    const renewals = renewing.map(({ holder }) => toRenewal(holder));
    const request = RenewLeasesRequest.create({ executor: describe(), renewals });
    try {
      const { verdicts } = await untraced(() =>
        client.renewLeases(request, { deadlineMs: CALL_WITHIN_MS }),
      );
      if (verdicts.length === renewing.length) return verdicts;
      const counts = { renewals: renewing.length, verdicts: verdicts.length };
      log.error(counts, 'the scheduler answered another number of leases than it was asked for');
    } catch (thrown) {
      log.warn({ err: thrown, leases: renewing.length }, 'leases were not renewed');
    }
    return [];
  }

  #apply(held: Held, verdict: LeaseVerdict, sentAtMs: number): void {
    if (!verdict.held) return this.#lose(held, 'the scheduler has ended the lease');
    this.#setFence(held, sentAtMs);
    if (verdict.cancel) held.holder.onCancel();
  }

  /** K3 */
  #setFence(held: Held, sentAtMs: number): void {
    clearTimeout(held.fence);
    const leaseMs = Number(held.holder.lease.leaseMs);
    const untilMs = sentAtMs + leaseMs * (1 - MARGIN_SHARE) - performance.now();
    const lose = () => this.#lose(held, 'the lease could not be renewed in time');
    held.fence = setTimeout(lose, Math.max(0, untilMs));
  }

  #lose(held: Held, reason: string): void {
    if (!this.#held.has(held)) return;
    this.#release(held);
    held.holder.onLost(reason);
  }

  #release(held: Held): void {
    clearTimeout(held.fence);
    this.#held.delete(held);
  }
}

function toRenewal({ lease, progress }: Holder): RenewLeasesRequest['renewals'][number] {
  const { runId, taskId, epoch, token } = lease;
  const { rows, bytes } = progress();
  return { runId, taskId, epoch, token, rows: BigInt(rows), bytes: BigInt(bytes) };
}

/** A heartbeat belongs to no run: inside an unsampled trace its calls make no spans. */
function untraced<Result>(body: () => Result): Result {
  const nowhere = { traceId: newTraceId(), spanId: newSpanId(), traceFlags: 0 };
  return withTraceparent(formatTraceparent(nowhere), body);
}
