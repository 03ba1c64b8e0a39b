/**
 * The workers of an executor: each attempt runs in a process of its own that can die, hang or be frozen by itself.
 *
 *   W1. `onEnd` comes once, and only when nothing of the work can act any more.
 *   W2. The workers of an executor that died end a moment after it: they notice that it is gone.
 *   W3. How the work of an attempt ends is drawn from the attempt, not from when it runs.
 */
import type {
  Capacity,
  FollowerOutcome,
  Lane,
  Lease,
  RunningWork,
  StopReason,
  WorkEnd,
  WorkListener,
  Worker,
} from '@floe/execution';
import { toFloeError } from '@floe/errors';
import type { ExecutorSpec } from '../scenario/scenario.ts';
import { LoadWork } from '../target/load-work.ts';
import { Process } from '../world/process.ts';
import type { Dice } from '../world/dice.ts';
import type { SimulatedTask } from './simulated-task.ts';
import type { World } from './world.ts';

const WORK_MS = [0, 30, 300, 3_000] as const;
// Longer than a lease.
const LONG_MS = [6_000, 28_000] as const;
// From the signal to the end of the process and of its statements.
const KILL_MS = [1, 20] as const;
// Between two tries to rule out a load.
const VOID_PAUSE_MS = 500;
const ORPHAN_MS = 1_500;
const ROWS = 100;
const READS_FIRST_SHARE = 0.5;

export class SimulatedWorker implements Worker<SimulatedTask> {
  readonly #world: World;
  readonly #executor: Process;
  readonly #used: Record<Lane, number> = { slot: 0, light: 0 };
  readonly #spec: ExecutorSpec;
  readonly #running = new Map<Process, SimulatedTask>();
  #count = 0;

  constructor(world: World, executor: Process, spec: ExecutorSpec) {
    this.#world = world;
    this.#executor = executor;
    this.#spec = spec;
    executor.onDeath(() => this.#endOrphans());
  }

  get free(): Capacity {
    const { slots, light } = this.#spec;
    return { slot: slots - this.#used.slot, light: light - this.#used.light };
  }

  /** The processes of the work that runs now. */
  get processes(): Iterable<Process> {
    return this.#running.keys();
  }

  get running(): Iterable<readonly [Process, SimulatedTask]> {
    return this.#running;
  }

  onRoom(): void {
    // Room comes by the end of work only: a worker that died is replaced within the same instant.
  }

  run(lease: Lease<SimulatedTask>, listener: WorkListener): RunningWork {
    const { time, story } = this.#world;
    const { lane, work } = lease;
    this.#used[lane] += 1;
    this.#count += 1;
    const process = new Process(`${this.#executor.name}/worker-${this.#count}`, time);
    this.#running.set(process, work);
    story.tell(process.name, `begins ${work.runId}/${work.taskId} epoch ${work.epoch}`);
    let isEnded = false;
    const end = (how: WorkEnd) => {
      if (isEnded) return;
      isEnded = true;
      this.#world.workEnds.set(`${work.runId}/${work.taskId}/${work.epoch}`, how.kind);
      process.kill();
      this.#running.delete(process);
      this.#executor.deliver(() => {
        this.#used[lane] -= 1;
        story.tell(process.name, `${work.runId}/${work.taskId} epoch ${work.epoch} ${how.kind}`);
        listener.onEnd(how);
      });
    };
    const attempt = new AttemptWork(this.#world, process, {
      work,
      listener: this.#within(listener),
    });
    time.after(1, () => attempt.begin(end));
    return {
      stop: (reason) => this.#stop(process, reason, end),
      conclude: (outcome) => outcome,
      settle: () => {},
    };
  }

  #within(listener: WorkListener): Pick<WorkListener, 'onMemoryExceeded'> {
    return {
      onMemoryExceeded: (use) => this.#executor.deliver(() => listener.onMemoryExceeded(use)),
    };
  }

  #stop(process: Process, reason: StopReason, end: (how: WorkEnd) => void): void {
    const { time, diceOf } = this.#world;
    process.kill();
    time.after(diceOf('kill').int(...KILL_MS), () => end(died(`stopped: ${reason.kind}`)));
  }

  /** W2 */
  #endOrphans(): void {
    const { time, diceOf } = this.#world;
    for (const process of this.#running.keys())
      time.after(diceOf('kill').int(0, ORPHAN_MS), () => process.kill());
  }
}

type WorkOfAttempt = {
  readonly work: SimulatedTask;
  readonly listener: Pick<WorkListener, 'onMemoryExceeded'>;
};

/** The work of one attempt, in its process. */
class AttemptWork {
  readonly #world: World;
  readonly #process: Process;
  readonly #of: WorkOfAttempt;
  readonly #dice: Dice;

  constructor(world: World, process: Process, of: WorkOfAttempt) {
    const { runId, taskId, epoch } = of.work;
    this.#world = world;
    this.#process = process;
    this.#of = of;
    this.#dice = world.diceOf(`${runId}/${taskId}/${epoch}`);
  }

  begin(end: (how: WorkEnd) => void): void {
    if (this.#process.isDead) return;
    const { faults } = this.#world;
    const { type, runId, taskId, isVoiding } = this.#of.work;
    if (isVoiding) return void this.#voidLoad().then(end);
    const ms = this.#drawMs();
    const where = `${runId}/${taskId}`;
    if (faults.hits('worker-hung', where)) return;
    if (faults.hits('worker-died', where))
      return void this.#world.time.after(ms, () => this.#die(end));
    if (faults.hits('memory-exceeded', where)) {
      const use = { usedBytes: 2, limitBytes: 1 };
      return void this.#process.after(ms, () => this.#of.listener.onMemoryExceeded(use));
    }
    const { items } = this.#of.work;
    if (items?.some((item) => faults.alwaysHits('item-kills-worker', `${where}/${item}`)))
      return void this.#world.time.after(ms, () => this.#die(end));
    const gone = this.#goneInput();
    if (gone !== undefined)
      return void this.#process.after(ms, () =>
        end(failed('DATASET_MISSING', true, { task: gone })),
      );
    if (type === 'postgres_load') void this.#load(ms).then(end);
    else if (items !== undefined)
      void this.#process.work(ms).then(() => end(this.#endOfItems(items)));
    else void this.#process.work(ms).then(() => end(this.#plainEnd()));
  }

  #goneInput(): string | undefined {
    const { upstream, taskId } = this.#of.work;
    if (upstream.length === 0 || !this.#world.faults.hits('dataset-gone', taskId)) return undefined;
    return this.#dice.pick(upstream);
  }

  #drawMs(): number {
    if (this.#dice.chance(this.#world.longShare)) return this.#dice.int(...LONG_MS);
    return this.#dice.int(0, this.#dice.pick(WORK_MS));
  }

  #die(end: (how: WorkEnd) => void): void {
    if (this.#process.isDead) return;
    this.#process.kill();
    end(died('its worker died'));
  }

  #plainEnd(): WorkEnd {
    const { faults } = this.#world;
    const { taskId } = this.#of.work;
    if (faults.hits('task-fatal', taskId)) return failed('QUERY_FAILED', false);
    if (faults.hits('task-failed', taskId)) return failed('QUERY_FAILED', true);
    return succeeded(0, { followers: this.#endFollowers() });
  }

  /** Up to the first that fails. */
  #endFollowers(): FollowerOutcome[] {
    const { faults, workEnds } = this.#world;
    const { runId, followers } = this.#of.work;
    const ends: FollowerOutcome[] = [];
    for (const taskId of followers) {
      const isFatal = faults.hits('task-fatal', taskId);
      const isFailed = isFatal || faults.hits('task-failed', taskId);
      const end: FollowerOutcome = isFailed
        ? { taskId, kind: 'failed', failure: failureOf('QUERY_FAILED', !isFatal) }
        : { taskId, kind: 'succeeded', result: resultOf(0) };
      // It was never announced before.
      workEnds.set(`${runId}/${taskId}/1`, end.kind);
      ends.push(end);
      if (isFailed) break;
    }
    return ends;
  }

  /** Each item makes one row, or fails by itself. */
  #endOfItems(items: readonly number[]): WorkEnd {
    const { faults, itemsDone } = this.#world;
    const { runId, taskId, epoch } = this.#of.work;
    const where = `${runId}/${taskId}`;
    if (faults.hits('task-failed', where)) return failed('QUERY_FAILED', true);
    const failedOnes = items.filter((item) => faults.hits('item-failed', `${where}/${item}`));
    const done = items.filter((item) => !failedOnes.includes(item));
    itemsDone.set(`${where}/${epoch}`, done);
    return succeeded(done.length, { failedOnes });
  }

  async #load(copyMs: number): Promise<WorkEnd> {
    try {
      // Some read all rows before they ask the target for anything.
      const readMs = this.#dice.chance(READS_FIRST_SHARE) ? copyMs : 0;
      await this.#process.work(readMs);
      return succeeded(await this.#loadWork(copyMs - readMs).run());
    } catch (thrown) {
      const { code, isRetryable } = toFloeError(thrown);
      return failed(code, isRetryable);
    }
  }

  /** As the executor does it: until the target answers. */
  async #voidLoad(): Promise<WorkEnd> {
    for (;;) {
      try {
        const done = await this.#loadWork(0).ruleOut();
        return succeeded(done ?? 0, { isVoid: done === undefined });
      } catch {
        await this.#process.work(VOID_PAUSE_MS);
      }
    }
  }

  #loadWork(copyMs: number): LoadWork {
    const { seams, target } = this.#world;
    const { runId, taskId, epoch } = this.#of.work;
    const fence = { checksEpoch: true, checksDone: true, marksVoid: true, ...seams.load };
    const world = { ...this.#world, target, fence, dice: this.#dice };
    return new LoadWork(world, this.#process, { runId, taskId, epoch, rows: ROWS, copyMs });
  }
}

type Success = {
  readonly isVoid?: boolean;
  readonly failedOnes?: readonly number[];
  readonly followers?: readonly FollowerOutcome[];
};

function succeeded(rows: number, success: Success = {}): WorkEnd {
  return { kind: 'succeeded', result: resultOf(rows, success), peakMemoryBytes: 1 };
}

function resultOf(rows: number, { isVoid = false, failedOnes = [], followers = [] }: Success = {}) {
  const failedItems = failedOnes.map((index) => ({
    index,
    failure: failureOf('ITEM_FAILED', true),
  }));
  return { rows, bytes: rows, datasetJson: '', failedItems, isVoid, followers };
}

function failed(code: string, retryable: boolean, details?: FailureDetails): WorkEnd {
  return { kind: 'failed', failure: failureOf(code, retryable, details), peakMemoryBytes: 1 };
}

type FailureDetails = Readonly<Record<string, string>>;

function failureOf(code: string, retryable: boolean, details: FailureDetails = {}) {
  return { code, message: code, details, retryable };
}

function died(message: string): WorkEnd {
  const failure = { code: 'WORKER_CRASHED', message, details: {}, retryable: true };
  return { kind: 'died', failure, peakMemoryBytes: 1 };
}
