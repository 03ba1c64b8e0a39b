/**
 * One attempt, from its lease to the answer to its end.
 *
 * Owns: the lease, the timers of the attempt, and its outcome until somebody has answered to it.
 *
 *   A1. The first reason to stop is the one that is reported, except the loss of the lease, after which nothing is said
 *       at all.
 *   A2. Work that is stopped has ended, with its statements, before its end is reported.
 *   A3. A result that came before the work was stopped counts: what it did is done.
 *   A4. The lease is renewed until the end of the attempt is answered.
 *   A5. What became of the outcome is told to the work exactly once.
 */
import { assert } from '@floe/errors';
import type { Clock } from './clock.ts';
import { decideOutcome, describeStop } from './decide-outcome.ts';
import type { Held, LeaseKeeper } from './lease-keeper.ts';
import type { Log } from './log.ts';
import type { Outcome, Settlement } from './outcome.ts';
import type { AttemptName, Finish, Lease, Progress } from './scheduler.ts';
import type { RunningWork, StopReason, WorkEnd, Worker } from './worker.ts';

export type AttemptPorts<Work> = {
  readonly worker: Pick<Worker<Work>, 'run'>;
  readonly leases: Pick<LeaseKeeper, 'hold' | 'hurry' | 'release'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The work has ended, so that there is room; its outcome is to be told unless it is undefined. */
  readonly onEnded: (attempt: Attempt<Work>, finish: Finish | undefined) => void;
  /** Nothing more will happen to it. */
  readonly onSettled: (attempt: Attempt<Work>) => void;
};

export class Attempt<Work> {
  readonly lease: Lease<Work>;
  readonly startedAtMs: number;
  readonly #ports: AttemptPorts<Work>;
  readonly #held: Held;
  #work: RunningWork | undefined;
  #progress: Progress = { rows: 0, bytes: 0 };
  #progressedAtMs: number;
  #beganAtMs: number | undefined;
  #forgetTimeout: () => void = () => {};
  #forgetStall: () => void = () => {};
  #stop: StopReason | undefined;
  #outcome: Outcome | undefined;
  #phase: 'running' | 'ended' | 'settled' = 'running';

  /** `askedAtMs`: when the exchange that took the lease was first sent. */
  constructor(ports: AttemptPorts<Work>, lease: Lease<Work>, askedAtMs: number) {
    this.lease = lease;
    this.#ports = ports;
    this.startedAtMs = ports.clock.nowMs();
    this.#progressedAtMs = this.startedAtMs;
    const holder = {
      lease,
      progress: () => this.#progress,
      onLost: (reason: string) => this.#lose(reason),
      onCancel: () => this.stop({ kind: 'cancelled' }),
    };
    this.#held = ports.leases.hold(holder, askedAtMs);
  }

  /** Begins the work. */
  start(): void {
    const { worker, clock } = this.#ports;
    // A task that needs a worker begins when that says so.
    if (this.lease.lane === 'light') this.#beganAtMs = clock.nowMs();
    this.#work = worker.run(this.lease, {
      onProgress: (progress) => this.#noteProgress(progress),
      onMemoryExceeded: (use) => this.stop({ kind: 'memory', ...use }),
      onEnd: (end) => this.#end(end),
    });
    this.#watchTime();
  }

  /** Gives back an attempt whose work has not begun. */
  handBack(): void {
    assert(this.#work === undefined, 'only what has not begun is given back unseen');
    this.#conclude({ kind: 'handed_back', reason: 'the executor drains' }, 0);
  }

  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  is({ runId, taskId, epoch }: AttemptName): boolean {
    const { lease } = this;
    return lease.runId === runId && lease.taskId === taskId && lease.epoch === epoch;
  }

  /** Ends the work, unless it has ended. */
  stop(reason: StopReason): void {
    if (this.#phase !== 'running') return;
    // A1
    const isFirst = this.#stop === undefined;
    if (isFirst || reason.kind === 'lost') this.#stop = reason;
    if (!isFirst) return;
    const { runId: run_id, taskId: task_id, epoch } = this.lease;
    const fields = { run_id, task_id, epoch, reason: reason.kind };
    this.#ports.log.info(fields, `the work of an attempt is ended: ${describeStop(reason)}`);
    this.#work?.stop(reason);
  }

  /** What the scheduler made of the outcome, or that nobody can say. */
  settle(settlement: Settlement): void {
    if (this.#phase === 'settled') return;
    assert(this.#phase === 'ended', 'what is settled has ended');
    this.#phase = 'settled';
    this.#ports.leases.release(this.#held);
    this.#work?.settle(settlement, this.#outcome);
    this.#ports.onSettled(this);
  }

  #lose(reason: string): void {
    if (this.#phase === 'running') this.stop({ kind: 'lost', reason });
    else this.settle('unknown');
  }

  #noteProgress(progress: Progress): void {
    const isUrgent = progress.handout !== undefined && this.#progress.handout === undefined;
    this.#progress = progress;
    this.#progressedAtMs = this.#ports.clock.nowMs();
    if (progress.hasBegun === true) this.#beganAtMs ??= this.#progressedAtMs;
    if (isUrgent) this.#ports.leases.hurry(this.#held);
  }

  #watchTime(): void {
    // Work that ended at once needs no timers.
    if (this.#phase !== 'running') return;
    const { clock } = this.#ports;
    const { timeoutMs, progressTimeoutMs } = this.lease;
    const expire = () => this.stop({ kind: 'timed_out', timeoutMs });
    this.#forgetTimeout = clock.after(timeoutMs, expire);
    if (progressTimeoutMs > 0) this.#watchProgress(progressTimeoutMs);
  }

  /** Progress does not touch the timer: when it is due it finds out how long it was silent. */
  #watchProgress(waitMs: number): void {
    const { clock } = this.#ports;
    const { progressTimeoutMs } = this.lease;
    this.#forgetStall = clock.after(waitMs, () => {
      const silentMs = clock.nowMs() - this.#progressedAtMs;
      if (silentMs >= progressTimeoutMs) this.stop({ kind: 'stalled', progressTimeoutMs });
      else this.#watchProgress(progressTimeoutMs - silentMs);
    });
  }

  #end(end: WorkEnd): void {
    assert(this.#phase === 'running', 'work ends once');
    this.#forgetTimeout();
    this.#forgetStall();
    const decided = decideOutcome(end, this.#stop);
    const outcome = decided === undefined ? undefined : this.#work?.conclude(decided);
    this.#conclude(outcome, end.peakMemoryBytes);
  }

  #conclude(outcome: Outcome | undefined, peakMemoryBytes: number): void {
    this.#phase = 'ended';
    this.#outcome = outcome;
    if (outcome === undefined) {
      this.#ports.onEnded(this, undefined);
      return this.settle('lost');
    }
    const { runId, taskId, epoch, token } = this.lease;
    const lease = { runId, taskId, epoch, token };
    const beganAtMs = this.#beganAtMs;
    const began = beganAtMs === undefined ? {} : { beganAtMs };
    this.#ports.onEnded(this, { lease, outcome, peakMemoryBytes, ...began });
  }
}
