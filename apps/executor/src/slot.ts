/**
 * One slot: a warm worker process, and the loop that brings it attempts.
 *
 * Owns: at most one worker and at most one attempt.
 *
 *   S1. A hint is fetched only while a warm worker waits for it: no attempt is claimed that cannot start at once.
 *   S2. The slot takes the next attempt only after the last one's end was answered or its lease was lost.
 *   S3. A worker that died is replaced; after several in a row with growing pauses, so that a worker that cannot start
 *       does not eat the machine.
 *   S4. A worker is replaced after many attempts, or when it keeps much memory: the next attempt would pay for it.
 *   S5. No error ends the loop; only `end` does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@floe/service';
import type { AttemptDependencies } from './attempt-dependencies.ts';
import { AttemptRunner } from './attempt-runner.ts';
import type { StopReason } from './attempt-outcome.ts';
import { claimNext } from './claim-loop.ts';
import type { ClaimDependencies, Claimed } from './claim-loop.ts';
import { readResidentBytes } from './resident-memory.ts';
import { WorkerProcess } from './worker-process.ts';

// Polars' allocator fragments over time. A start costs some 300 ms, which a thousand attempts do not feel.
const ATTEMPTS_PER_WORKER = 1_000;
// Polars keeps up to 1.4 GiB after large frames; an idle worker has below 0.1 GiB.
const RETAINED_BYTES_MAX = 512 * 1024 * 1024;
// The first crash may be the task's fault; from the second on the pause doubles.
const CRASH_PAUSE_BASE_MS = 250;
const CRASH_PAUSE_MAX_MS = 10_000;
// After a claim that the scheduler did not answer.
const UNAVAILABLE_PAUSE_MS = 500;

export type SlotDependencies = AttemptDependencies & ClaimDependencies;

export type SlotStatus = {
  readonly index: number;
  /** 0 while no worker runs. */
  readonly processId: number;
  readonly attempt: { readonly claimed: Claimed; readonly startedAt: Date } | undefined;
};

export class Slot {
  readonly index: number;
  readonly #deps: SlotDependencies;
  readonly #ending = new AbortController();
  #ended: Promise<void> | undefined;
  #worker: WorkerProcess | undefined;
  #workerAttempts = 0;
  #crashes = 0;
  #attempt: AttemptRunner | undefined;

  constructor(index: number, deps: SlotDependencies) {
    this.index = index;
    this.#deps = deps;
  }

  start(): void {
    this.#ended = this.#loop();
  }

  get attempt(): AttemptRunner | undefined {
    return this.#attempt;
  }

  status(): SlotStatus {
    const processId = this.#worker?.isAlive === true ? this.#worker.pid : 0;
    return { index: this.index, processId, attempt: this.#attempt };
  }

  /** Takes nothing new. Resolves when the running attempt has ended and the worker is gone. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
  }

  stopAttempt(reason: StopReason): void {
    this.#attempt?.stop(reason);
  }

  async #loop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await this.#takeAttempt();
      } catch (thrown) {
        this.#deps.log.error({ err: thrown, slot: this.index }, 'a slot failed and goes on');
        await this.#retire();
        this.#crashes += 1;
      }
    }
    await this.#retire();
  }

  async #takeAttempt(): Promise<void> {
    await this.#warmWorker();
    const claim = await claimNext(this.#deps, this.#ending.signal);
    if (claim.kind === 'unavailable') await this.#pause(UNAVAILABLE_PAUSE_MS);
    if (claim.kind !== 'claimed') return;
    try {
      await this.#run(claim);
    } finally {
      const { runId, taskId, epoch } = claim.lease;
      this.#deps.claims.end({ runId, taskId, epoch: Number(epoch) });
    }
  }

  async #run(claim: Claimed): Promise<void> {
    // The worker may have died while it waited. If no other can be started, the lease runs out and others take over.
    const worker = await this.#warmWorker();
    this.#attempt = new AttemptRunner(this.#deps, claim, worker);
    try {
      await this.#attempt.run();
    } finally {
      this.#attempt = undefined;
    }
    await this.#judge(worker);
  }

  /** S3 */
  async #warmWorker(): Promise<WorkerProcess> {
    if (this.#worker?.isAlive === true) return this.#worker;
    await this.#retire();
    if (this.#crashes > 1) {
      const bounds = { baseMs: CRASH_PAUSE_BASE_MS, maxMs: CRASH_PAUSE_MAX_MS };
      await this.#pause(backoffMs(this.#crashes - 1, bounds));
    }
    this.#worker = await WorkerProcess.start(process.env);
    this.#workerAttempts = 0;
    return this.#worker;
  }

  /** S4 */
  async #judge(worker: WorkerProcess): Promise<void> {
    this.#workerAttempts += 1;
    if (!worker.isAlive) {
      this.#crashes += worker.wasKilled ? 0 : 1;
      return;
    }
    this.#crashes = 0;
    const residentBytes = (await readResidentBytes(worker.pid)) ?? 0;
    const isWorn =
      this.#workerAttempts >= ATTEMPTS_PER_WORKER || residentBytes > RETAINED_BYTES_MAX;
    if (isWorn) await this.#retire();
  }

  async #retire(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.kill();
    await worker?.exited;
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#ending.signal }).catch(() => {
      // The slot ends: the loop sees it.
    });
  }
}
