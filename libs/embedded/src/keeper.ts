/**
 * Keeps one process running until it is told to stop.
 *
 *   R1. Whatever ends the process, it is started again, after a pause that grows with failures in a row and is bounded.
 *   R2. After `stop` it is gone and is not started again, also when `stop` comes during a restart.
 *   R3. Each restart is reported in one line.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toFloeError } from '@floe/errors';
import { backoffMs } from '@floe/service';
import { startChild, type ChildExit, type ChildSpec, type RunningChild } from './child-process.ts';
import { guardProcess, type ProcessGuard } from './process-guard.ts';

export type KeeperOptions = {
  readonly spec: ChildSpec;
  /** Tries for the first start, which a person waits for. Restarts go on without end. */
  readonly startAttempts: number;
  readonly report: (line: string) => void;
  /** Told after every start, with what runs now. */
  readonly onStarted: (child: RunningChild) => Promise<void>;
};

// At once after a single crash; at most one start in 5 s of one that cannot live.
const RESTART_PAUSE = { baseMs: 100, maxMs: 5_000 };
// One that lived this long has recovered: its next end counts as the first.
const STABLE_AFTER_MS = 10_000;
// A minute longer than a service works on without its supervisor, which needs these until then.
const ORPHAN_GRACE_MS = 660_000;

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #child: RunningChild | undefined;
  #guard: ProcessGuard | undefined;
  #restarts = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.spec.name;
  }

  get child(): RunningChild | undefined {
    return this.#child;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Resolves when the process is ready the first time; from then on it is kept running. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#startOnce();
        break;
      } catch (error) {
        if (attempt >= this.#options.startAttempts || this.#isStopping()) throw error;
        await this.#pause(attempt);
      }
    }
    this.#watching = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#child?.stop();
    // A restart that was under way ends with a process of its own, which `#keep` stops.
    await this.#watching;
    this.#guard?.release();
  }

  async #startOnce(): Promise<void> {
    const child = await startChild(this.#options.spec);
    this.#child = child;
    this.#guard?.release();
    const { stopSignal, readiness } = this.#options.spec;
    // One that has a channel to this process sees by itself that this process is gone.
    if (readiness.kind === 'probe') {
      const signal = stopSignal === 'SIGINT' ? 'INT' : 'TERM';
      this.#guard = guardProcess(child.pid, { signal, graceMs: ORPHAN_GRACE_MS });
    }
    await this.#options.onStarted(child);
  }

  async #keep(): Promise<void> {
    let failures = 0;
    while (!this.#isStopping() && this.#child) {
      const startedAt = performance.now();
      const exit = await this.#child.exited;
      if (this.#isStopping()) return;
      if (performance.now() - startedAt > STABLE_AFTER_MS) failures = 0;
      this.#options.report(`${this.name} ended (${describeExit(exit)}), starting it again`);
      failures = await this.#startAgain(failures);
    }
    await this.#child?.stop();
  }

  /** Tries until it runs or is to stop; returns the failures in a row, the end that brought us here included. */
  async #startAgain(failuresBefore: number): Promise<number> {
    for (let failures = failuresBefore + 1; ; failures += 1) {
      await this.#pause(failures);
      if (this.#isStopping()) return failures;
      try {
        await this.#startOnce();
        this.#restarts += 1;
        return failures;
      } catch (error) {
        this.#options.report(`${this.name} does not start: ${toFloeError(error).message}`);
      }
    }
  }

  async #pause(failures: number): Promise<void> {
    await sleep(backoffMs(failures, RESTART_PAUSE), undefined, {
      signal: this.#stopping.signal,
    }).catch((error: unknown) => {
      // The pause is cut short by the stop; nothing else can fail here.
      if (!this.#isStopping()) throw error;
    });
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

function describeExit({ code, signal }: ChildExit): string {
  return signal === null ? `exit code ${code}` : signal;
}
