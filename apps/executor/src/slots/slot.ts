/**
 * One slot: a warm worker process, and the attempts that run in it one after the other.
 *
 * Owns: at most one worker and at most one attempt.
 *
 *   S1. It is free only while a warm worker waits: an attempt that is taken for it starts at once.
 *   S2. A worker that died, also while it waited, is replaced; after several in a row with growing pauses, so that a
 *       worker that cannot start does not eat the machine.
 *   S3. A worker is replaced after many attempts, or when it keeps much memory: the next attempt would pay for it.
 *   S4. No error ends the loop; only `end` does.
 *   S5. Between attempts it shows people what attempts have made, when that is due; before it ends also what is not.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@floe/service';
import type { Log } from '@floe/telemetry';
import type { MemoryGroups } from './memory-groups.ts';
import type { Preview, PreviewQueue } from './preview-queue.ts';
import type { SlotWork } from './slot-work.ts';
import { WorkerProcess } from './worker-process.ts';

// Polars' allocator fragments over time. A start costs some 300 ms, which a thousand attempts do not feel.
const ATTEMPTS_PER_WORKER = 1_000;
// Polars keeps up to 1.4 GiB after large frames; an idle worker has below 0.1 GiB.
const RETAINED_BYTES_MAX = 512 * 1024 * 1024;
// The first crash may be the task's fault; from the second on the pause doubles.
const CRASH_PAUSE_BASE_MS = 250;
const CRASH_PAUSE_MAX_MS = 10_000;

// A process that was told to stop has few seconds left; previews are for people who mostly look at other runs.
const LAST_PREVIEWS_WITHIN_MS = 2_000;

export type SlotOptions = {
  readonly index: number;
  readonly log: Log;
  readonly memoryGroups: MemoryGroups | undefined;
  readonly previews: PreviewQueue;
  /** The next attempt that waits for a slot. */
  readonly takeWaiting: () => SlotWork | undefined;
  /** An attempt that was handed over in the moment in which the worker died. */
  readonly putBack: (work: SlotWork) => void;
  /** The slot is free, and was not when the end of its last attempt was told. */
  readonly onRoom: () => void;
};

export class Slot {
  readonly index: number;
  readonly #options: SlotOptions;
  readonly #ending = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  #worker: WorkerProcess | undefined;
  #workerAttempts = 0;
  #crashes = 0;
  #work: SlotWork | undefined;
  #lastWork: SlotWork | undefined;
  #hand: ((work: SlotWork) => void) | undefined;
  #giveUp: (() => void) | undefined;

  constructor(options: SlotOptions) {
    this.index = options.index;
    this.#options = options;
  }

  start(): void {
    this.#ended = this.#loop();
  }

  /** S1 */
  get isFree(): boolean {
    return this.#hand !== undefined && this.#worker?.isAlive === true;
  }

  get work(): SlotWork | undefined {
    return this.#work;
  }

  /** 0 while no worker runs. */
  get processId(): number {
    return this.#worker?.isAlive === true ? this.#worker.pid : 0;
  }

  /** Begins an attempt; only for a free slot. */
  begin(work: SlotWork): void {
    const hand = this.#hand;
    this.#forgetHand();
    hand?.(work);
  }

  /** Has a slot that is free look for what else there is to do. */
  look(): void {
    this.#giveUp?.();
  }

  /** Resolves when the last attempt has left nothing behind and the worker is gone. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
    await this.#lastWork?.cleaned;
  }

  async #loop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        const worker = await this.#warmWorker();
        const preview = this.#options.previews.takeDue();
        if (preview !== undefined) {
          await this.#show(preview, worker);
          continue;
        }
        const work = await this.#nextWork(worker);
        if (work === undefined) continue;
        if (worker.isAlive) await this.#run(work, worker);
        else this.#options.putBack(work);
      } catch (thrown) {
        this.#options.log.error({ err: thrown, slot: this.index }, 'a slot failed and goes on');
        await this.#retire();
        this.#crashes += 1;
      }
    }
    await this.#showLast();
    await this.#retire();
  }

  /** S5 */
  async #show({ dataset, isWanted, onMade }: Preview, worker: WorkerProcess): Promise<void> {
    if (!isWanted()) return;
    const artifact = await worker.show(dataset);
    if (artifact !== undefined) onMade(artifact);
    if (!worker.isAlive && !worker.wasKilled) this.#crashes += 1;
  }

  /** S5 */
  async #showLast(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const timer = setTimeout(() => worker.kill(), LAST_PREVIEWS_WITHIN_MS);
    while (worker.isAlive) {
      const preview = this.#options.previews.takeAny();
      if (preview === undefined) break;
      await this.#show(preview, worker);
    }
    clearTimeout(timer);
  }

  /** S2 */
  async #warmWorker(): Promise<WorkerProcess> {
    if (this.#worker?.isAlive === true) return this.#worker;
    await this.#retire();
    if (this.#crashes > 1) {
      const bounds = { baseMs: CRASH_PAUSE_BASE_MS, maxMs: CRASH_PAUSE_MAX_MS };
      await this.#pause(backoffMs(this.#crashes - 1, bounds));
    }
    this.#worker = await WorkerProcess.start({
      environment: process.env,
      memoryGroups: this.#options.memoryGroups,
    });
    this.#workerAttempts = 0;
    return this.#worker;
  }

  /** Undefined when the worker died or the slot ends first. */
  async #nextWork(worker: WorkerProcess): Promise<SlotWork | undefined> {
    const waiting = this.#options.takeWaiting();
    if (waiting !== undefined) return waiting;
    const { promise, resolve } = Promise.withResolvers<SlotWork | undefined>();
    const { signal } = this.#ending;
    const giveUp = () => {
      if (this.#hand === resolve) this.#forgetHand();
      resolve(undefined);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#hand = resolve;
    this.#giveUp = giveUp;
    if (signal.aborted) giveUp();
    this.#options.onRoom();
    void worker.exited.then(giveUp);
    const work = await promise;
    signal.removeEventListener('abort', giveUp);
    if (!worker.isAlive && !signal.aborted) this.#crashes += 1;
    return work;
  }

  #forgetHand(): void {
    this.#hand = undefined;
    this.#giveUp = undefined;
  }

  async #run(work: SlotWork, worker: WorkerProcess): Promise<void> {
    // It may have been stopped while it waited.
    if (!work.isWaiting) return;
    this.#work = work;
    const end = await work.execute(worker);
    this.#work = undefined;
    work.end(end);
    this.#lastWork = work;
    for (const preview of work.previews) this.#options.previews.add(preview);
    if (this.#judge(worker, work)) await this.#retire();
  }

  /** True when the worker should not run another attempt (S3). */
  #judge(worker: WorkerProcess, work: SlotWork): boolean {
    this.#workerAttempts += 1;
    if (!worker.isAlive) {
      this.#crashes += worker.wasKilled ? 0 : 1;
      return true;
    }
    this.#crashes = 0;
    return this.#workerAttempts >= ATTEMPTS_PER_WORKER || work.retainedBytes > RETAINED_BYTES_MAX;
  }

  async #retire(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.kill();
    await worker?.exited;
    worker?.release();
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#ending.signal }).catch(() => {
      // The slot ends: the loop sees it.
    });
  }
}
