/**
 * All slots of an executor, and whether they take attempts.
 *
 *   P1. `active` leads to `draining` leads to `stopped`, never back.
 *   P2. Draining ends: what does not finish in time is handed back.
 */
import { ExecutorState } from '@floe/rpc/contracts';
import type { StopHint } from '@floe/bus';
import { Slot } from './slot.ts';
import type { SlotDependencies, SlotStatus } from './slot.ts';

export type WorkerPoolState = 'active' | 'draining' | 'stopped';

export const EXECUTOR_STATES: Readonly<Record<WorkerPoolState, ExecutorState>> = {
  active: ExecutorState.ACTIVE,
  draining: ExecutorState.DRAINING,
  stopped: ExecutorState.STOPPED,
};

export class WorkerPool {
  readonly startedAt = new Date();
  readonly #slots: readonly Slot[];
  #state: WorkerPoolState = 'active';
  #handBackAtMs = Number.POSITIVE_INFINITY;
  #handBack: NodeJS.Timeout | undefined;
  #ended: Promise<void> | undefined;

  constructor(slotCount: number, deps: SlotDependencies) {
    this.#slots = Array.from({ length: slotCount }, (_, index) => new Slot(index, deps));
  }

  start(): void {
    for (const slot of this.#slots) slot.start();
  }

  get state(): WorkerPoolState {
    return this.#state;
  }

  get slotCount(): number {
    return this.#slots.length;
  }

  get busyCount(): number {
    return this.#slots.filter((slot) => slot.attempt !== undefined).length;
  }

  statuses(): SlotStatus[] {
    return this.#slots.map((slot) => slot.status());
  }

  /** Kills the worker of a cancelled attempt, if it runs here. */
  cancel({ runId, taskId, epoch }: StopHint): void {
    for (const slot of this.#slots) {
      const lease = slot.attempt?.claimed.lease;
      const isMeant =
        lease?.runId === runId && lease.taskId === taskId && lease.epoch === BigInt(epoch);
      if (isMeant) slot.stopAttempt({ kind: 'cancelled' });
    }
  }

  /** Takes nothing new; hands back what still runs after the time. The earliest of several calls counts. */
  drain(withinMs: number): void {
    if (this.#state === 'active') {
      this.#state = 'draining';
      this.#ended = Promise.all(this.#slots.map((slot) => slot.end())).then(() => {
        clearTimeout(this.#handBack);
        this.#state = 'stopped';
      });
    }
    const atMs = performance.now() + withinMs;
    if (atMs >= this.#handBackAtMs || this.#state === 'stopped') return;
    this.#handBackAtMs = atMs;
    clearTimeout(this.#handBack);
    this.#handBack = setTimeout(() => {
      for (const slot of this.#slots) slot.stopAttempt({ kind: 'drained' });
    }, withinMs);
  }

  /** Drains and waits for the end of all slots. */
  async stop(withinMs: number): Promise<void> {
    this.drain(withinMs);
    await this.#ended;
  }
}
