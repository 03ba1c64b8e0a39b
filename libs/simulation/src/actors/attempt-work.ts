/** The work of one attempt. How it ends is drawn from the attempt, not from when it runs. */
import type { FollowerOutcome, WorkEnd, WorkListener } from '@floe/execution';
import { toFloeError } from '@floe/errors';
import { LoadWork } from '../target/load-work.ts';
import type { Dice } from '../world/dice.ts';
import type { Process } from '../world/process.ts';
import { contentOf, NO_DATASET, type DatasetReference } from '../target/datasets.ts';
import type { Recipe, SimulatedTask } from './simulated-task.ts';
import type { World } from './world.ts';

const WORK_MS = [0, 30, 300, 3_000] as const;
// Longer than a lease.
const LONG_MS = [6_000, 28_000] as const;
// Several times within any time in which a word is expected.
const TELL_MS = 500;
// Between two tries to rule out a load.
const VOID_PAUSE_MS = 500;
const ROWS = 100;
// A session that is asked for something once a second.
const NOTICED_WITHIN_MS = 1_000;
const READS_FIRST_SHARE = 0.5;

export type HeardOfWork = Pick<WorkListener, 'onMemoryExceeded' | 'onProgress'>;

type WorkOfAttempt = {
  readonly work: SimulatedTask;
  readonly listener: HeardOfWork;
};

/** The work of one attempt, in its process. */
export class AttemptWork {
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
    if (this.#of.work.progressTimeoutMs > 0 && faults.hits('worker-stalled', where))
      return void this.#world.stalled.add(`${where}/${this.#of.work.epoch}`);
    if (faults.hits('worker-died', where))
      return void this.#world.time.after(ms, () => this.#die(end));
    if (faults.hits('memory-exceeded', where)) {
      const use = { usedBytes: 2, limitBytes: 1 };
      return void this.#process.after(ms, () => this.#of.listener.onMemoryExceeded(use));
    }
    const { items, partition } = this.#of.work;
    if (partition?.isLead === true) return void this.#lead(ms).then(end);
    if (items?.some((item) => faults.alwaysHits('item-kills-worker', `${where}/${item}`)))
      return void this.#world.time.after(ms, () => this.#die(end));
    const gone = this.#goneInput();
    if (gone !== undefined)
      return void this.#process.after(ms, () =>
        end(failed('DATASET_MISSING', true, { task: gone })),
      );
    if (type === 'postgres_load') void this.#load(ms).then(end);
    else if (items !== undefined && partition !== undefined)
      void this.#readPart(items, partition.snapshot).then(end);
    else if (items !== undefined)
      void this.#process.work(ms).then(() => end(this.#endOfItems(items)));
    else void this.#workTelling(ms).then(() => end(this.#plainEnd()));
  }

  /** Work that is to say how far it is. */
  async #workTelling(ms: number): Promise<void> {
    if (this.#of.work.progressTimeoutMs === 0) return this.#process.work(ms);
    for (let left = ms; left > 0; left -= TELL_MS) {
      await this.#process.work(Math.min(TELL_MS, left));
      this.#of.listener.onProgress({ rows: 0, bytes: 0, hasBegun: true });
    }
  }

  #goneInput(): string | undefined {
    const { upstream, taskId } = this.#of.work;
    if (upstream.length === 0 || !this.#world.faults.hits('dataset-gone', taskId)) return undefined;
    const gone = this.#dice.pick(upstream);
    for (const input of this.#of.work.recipes.flatMap(({ inputs }) => inputs))
      if (input.taskId === gone && input.uri !== undefined) this.#world.datasets.collect(input.uri);
    return gone;
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
    const made = new Map<string, DatasetReference>();
    for (const recipe of this.#of.work.recipes) {
      const missing = this.#make(recipe, made);
      if (missing !== undefined) return failed('DATASET_MISSING', true, { task: missing });
    }
    return succeeded(0, { followers: this.#endFollowers(made), dataset: made.get(taskId) });
  }

  /** Gives the task whose dataset it does not find. */
  #make({ taskId, text, inputs }: Recipe, made: Map<string, DatasetReference>): string | undefined {
    const { datasets, time } = this.#world;
    const { runId, epoch } = this.#of.work;
    const contents: string[] = [];
    for (const input of inputs) {
      const isThere = input.uri !== undefined || made.has(input.taskId);
      const content = made.get(input.taskId)?.hash ?? datasets.read(input.uri ?? '');
      if (isThere && content === undefined) return input.taskId;
      contents.push(content ?? NO_DATASET);
    }
    const dataset = { content: contentOf(text, contents), madeAt: time.now };
    made.set(taskId, datasets.make(`${runId}/${taskId}/${epoch}`, dataset));
    return undefined;
  }

  /** Up to the first that fails. */
  #endFollowers(made: ReadonlyMap<string, DatasetReference>): FollowerOutcome[] {
    const { faults, workEnds } = this.#world;
    const { runId, followers } = this.#of.work;
    const ends: FollowerOutcome[] = [];
    for (const taskId of followers) {
      const isFatal = faults.hits('task-fatal', taskId);
      const isFailed = isFatal || faults.hits('task-failed', taskId);
      const end: FollowerOutcome = isFailed
        ? { taskId, kind: 'failed', failure: failureOf('QUERY_FAILED', !isFatal) }
        : { taskId, kind: 'succeeded', result: resultOf(0, { dataset: made.get(taskId) }) };
      // It was never announced before.
      workEnds.set(`${runId}/${taskId}/1`, end.kind);
      ends.push(end);
      if (isFailed) break;
    }
    return ends;
  }

  /** Holds a snapshot until it is stopped, or its session ends. */
  async #lead(untilOpenMs: number): Promise<WorkEnd> {
    const { faults, snapshots } = this.#world;
    const { runId, taskId, epoch } = this.#of.work;
    const snapshot = `${runId}/${taskId}/${epoch}`;
    await this.#process.work(untilOpenMs);
    snapshots.open(snapshot);
    this.#process.onDeath(() => snapshots.close(snapshot));
    this.#of.listener.onProgress({ rows: 0, bytes: 0, hasBegun: true, handout: snapshot });
    if (!faults.hits('snapshot-lost', snapshot)) return new Promise(() => {});
    await this.#process.work(this.#drawMs());
    snapshots.close(snapshot);
    await this.#process.work(this.#dice.int(0, NOTICED_WITHIN_MS));
    return failed('CONNECTION_FAILED', true);
  }

  /** What is read is decided when the snapshot is joined, not when the rows come. */
  async #readPart(items: readonly number[], snapshot: string | undefined): Promise<WorkEnd> {
    const { runId, taskId, epoch } = this.#of.work;
    const attempt = `${runId}/${taskId}/${epoch}`;
    await this.#process.work(this.#drawMs());
    const isThere = snapshot !== undefined && this.#world.snapshots.join(attempt, snapshot);
    if (!isThere) return failed('SNAPSHOT_GONE', true);
    await this.#process.work(this.#drawMs());
    return this.#endOfItems(items);
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
  readonly dataset?: DatasetReference | undefined;
};

function succeeded(rows: number, success: Success = {}): WorkEnd {
  return { kind: 'succeeded', result: resultOf(rows, success), peakMemoryBytes: 1 };
}

function resultOf(rows: number, success: Success = {}) {
  const { isVoid = false, failedOnes = [], followers = [], dataset } = success;
  const failedItems = failedOnes.map((index) => ({
    index,
    failure: failureOf('ITEM_FAILED', true),
  }));
  const datasetJson = dataset === undefined ? '' : JSON.stringify(dataset);
  return { rows, bytes: rows, datasetJson, failedItems, isVoid, followers };
}

function failed(code: string, retryable: boolean, details?: FailureDetails): WorkEnd {
  return { kind: 'failed', failure: failureOf(code, retryable, details), peakMemoryBytes: 1 };
}

type FailureDetails = Readonly<Record<string, string>>;

function failureOf(code: string, retryable: boolean, details: FailureDetails = {}) {
  return { code, message: code, details, retryable };
}

export function died(message: string): WorkEnd {
  const failure = { code: 'WORKER_CRASHED', message, details: {}, retryable: true };
  return { kind: 'died', failure, peakMemoryBytes: 1 };
}
