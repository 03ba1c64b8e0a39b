/**
 * Keeps the leases of the attempts that run here, and tells the scheduler that this executor lives.
 *
 * Owns: the held leases, and one timer for the fence that is due first.
 *
 *   K1. One call renews all leases, and goes out at least every 2 s, also when there are none.
 *   K2. A lease counts from when it was asked for or its renewal was sent, not from the answer. What is not an answer
 *       is no renewal.
 *   K3. A lease that was not renewed within its time less a margin is given up before the scheduler gives it away.
 *   K4. A lease that is lost, by verdict or by K3, is told once and never renewed again.
 *   K5. Time only buys liveness here: an executor that is late is stopped by its epoch, not by its clock.
 *   K6. A lease that was just taken is not renewed yet: most light attempts end before that.
 *   K7. What others wait for is told at once, and with every renewal until one is answered.
 */
import { jittered, pause } from './clock.ts';
import type { Clock, Random } from './clock.ts';
import type { Log } from './log.ts';
import type { LeaseProof, Progress, Renewal, Scheduler, Verdict } from './scheduler.ts';

// With its jitter and with FRESH_MS it stays below the 2 s in which an executor is to be heard of and a cancel noticed.
const HEARTBEAT_MS = 1_200;
const JITTER = 0.2;
// Of a lease that is younger the scheduler has said enough.
const FRESH_MS = 400;
// A third of the lease leaves two more tries before the fence.
const RENEWALS_PER_LEASE = 3;
// The share of a lease that is left for ending the work before the lease is over.
const MARGIN_SHARE = 0.2;
// A call that hangs for longer is given up, so that the next one still comes in time.
const CALL_WITHIN_MS = 1_500;

export type Holder = {
  readonly lease: LeaseProof & { readonly leaseMs: number };
  /** So far. */
  readonly progress: () => Progress;
  /** The right to run is gone: nothing of the attempt counts any more. Called at most once. */
  readonly onLost: (reason: string) => void;
  readonly onCancel: () => void;
};

/** A lease that is kept. */
export type Held = {
  readonly holder: Holder;
  confirmedAtMs: number;
  /** Something is to be told that others wait for. */
  isUrgent: boolean;
};

export type LeaseKeeperOptions = {
  readonly scheduler: Pick<Scheduler<unknown>, 'renew'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Set<Held>();
  readonly #stopping = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  #fenceAtMs = Number.POSITIVE_INFINITY;
  #forgetFence: () => void = () => {};

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#ended = this.#keepRenewing(this.#stopping.signal);
  }

  /** Keeps a lease until it is lost or released. `askedAtMs`: when the exchange that took it was first sent. */
  hold(holder: Holder, askedAtMs: number): Held {
    const held: Held = { holder, confirmedAtMs: askedAtMs, isUrgent: false };
    this.#held.add(held);
    this.#fenceAt(fenceOf(held));
    return held;
  }

  /** K7. Its progress has something that does not wait for the next renewal. */
  hurry(held: Held): void {
    if (!this.#held.has(held)) return;
    held.isUrgent = true;
    void this.#renew();
  }

  release(held: Held): void {
    this.#held.delete(held);
  }

  /** Renews no more. The last call tells the scheduler how this executor is: it need not wait to see that it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    await this.#renew();
    this.#forgetFence();
    this.#held.clear();
  }

  async #keepRenewing(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    while (!signal.aborted) {
      await this.#renew();
      await pause(clock, jittered(this.#intervalMs(), JITTER, random), signal);
    }
  }

  #intervalMs(): number {
    let shortestMs = HEARTBEAT_MS;
    for (const { holder } of this.#held) {
      shortestMs = Math.min(shortestMs, holder.lease.leaseMs / RENEWALS_PER_LEASE);
    }
    return shortestMs;
  }

  async #renew(): Promise<void> {
    const sentAtMs = this.#options.clock.nowMs();
    const renewing = [...this.#held].filter((held) => isDue(held, sentAtMs));
    const urgent = new Set(renewing.filter((held) => held.isUrgent));
    const verdicts = await this.#ask(renewing);
    for (const [index, held] of renewing.entries()) {
      const verdict = verdicts[index];
      if (verdict === undefined || !this.#held.has(held)) continue;
      if (urgent.has(held)) held.isUrgent = false; // K7
      this.#apply(held, verdict, sentAtMs);
    }
  }

  /** Empty when there is no answer (K2): the fences go on. */
  async #ask(renewing: readonly Held[]): Promise<readonly Verdict[]> {
    const { scheduler, log } = this.#options;
    try {
      const verdicts = await scheduler.renew(renewing.map(toRenewal), CALL_WITHIN_MS);
      if (verdicts.length === renewing.length) return verdicts;
      const counts = { renewals: renewing.length, verdicts: verdicts.length };
      log.error(counts, 'the scheduler answered another number of leases than it was asked for');
    } catch (thrown) {
      log.warn({ err: thrown, leases: renewing.length }, 'leases were not renewed');
    }
    return [];
  }

  #apply(held: Held, verdict: Verdict, sentAtMs: number): void {
    if (!verdict.held) return this.#lose(held, 'the scheduler has ended the lease');
    held.confirmedAtMs = sentAtMs;
    if (verdict.cancel) held.holder.onCancel();
  }

  #fenceAt(atMs: number): void {
    if (atMs >= this.#fenceAtMs) return;
    this.#forgetFence();
    this.#fenceAtMs = atMs;
    const { clock } = this.#options;
    this.#forgetFence = clock.after(Math.max(0, atMs - clock.nowMs()), () => this.#fence());
  }

  /** K3. Renewals move fences without touching the timer: it finds out when it is due. */
  #fence(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#fenceAtMs = Number.POSITIVE_INFINITY;
    const late = [...this.#held].filter((held) => fenceOf(held) <= nowMs);
    for (const held of late) this.#lose(held, 'the lease could not be renewed in time');
    let nextMs = Number.POSITIVE_INFINITY;
    for (const held of this.#held) nextMs = Math.min(nextMs, fenceOf(held));
    if (nextMs < Number.POSITIVE_INFINITY) this.#fenceAt(nextMs);
  }

  #lose(held: Held, reason: string): void {
    if (this.#held.delete(held)) held.holder.onLost(reason);
  }
}

function fenceOf({ holder, confirmedAtMs }: Held): number {
  return confirmedAtMs + holder.lease.leaseMs * (1 - MARGIN_SHARE);
}

/** K6. A lease that is short beside FRESH_MS cannot wait. */
function isDue({ holder, confirmedAtMs, isUrgent }: Held, nowMs: number): boolean {
  if (isUrgent) return true;
  const freshMs = Math.min(FRESH_MS, holder.lease.leaseMs / (2 * RENEWALS_PER_LEASE));
  return nowMs - confirmedAtMs >= freshMs;
}

function toRenewal({ holder, isUrgent }: Held): Renewal {
  const { runId, taskId, epoch, token } = holder.lease;
  const { handout, ...progress } = holder.progress();
  const told = isUrgent && handout !== undefined ? { ...progress, handout } : progress;
  return { runId, taskId, epoch, token, progress: told };
}
