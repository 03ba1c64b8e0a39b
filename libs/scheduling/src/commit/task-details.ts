import type { FinishInput, FinishResult } from './commit-input.ts';
import { withPart, withPartsOf } from '../runs/partitioned-dataset.ts';
import type { Holder, RunRecord, TaskDetail } from '../runs/run-record.ts';
import { withoutAbsent } from './run-facts.ts';

type AttemptName = { readonly task: number; readonly epoch: number };

/** What is known of tasks beside their states, while a transaction decides: who holds attempts, and what they have made. */
export class TaskDetails {
  readonly #record: RunRecord;
  readonly #changed = new Map<number, TaskDetail>();

  constructor(record: RunRecord) {
    this.#record = record;
  }

  of(task: number): TaskDetail {
    return this.#changed.get(task) ?? this.#record.details[task]!;
  }

  change(task: number, change: Partial<TaskDetail>): void {
    this.#changed.set(task, { ...this.of(task), ...change });
  }

  get changedTasks(): readonly number[] {
    return [...this.#changed.keys()];
  }

  /** Of all tasks; the same list as before when none has changed. */
  all(): readonly TaskDetail[] {
    if (this.#changed.size === 0) return this.#record.details;
    const details = this.#record.details.slice();
    for (const [task, detail] of this.#changed) details[task] = detail;
    return details;
  }

  goesThroughItems(task: number): boolean {
    return this.#record.plan.graph.tasks[task]!.work.kind === 'items';
  }

  /** Of a task with items each attempt has a holder of its own; of others the newest has. */
  holderOf({ task, epoch }: AttemptName): Partial<Holder> {
    const detail = this.of(task);
    if (this.goesThroughItems(task)) return detail.holders?.[epoch] ?? {};
    const { executorId, tokenHash, attemptSpanId } = detail;
    return withoutAbsent({ executorId, tokenHash, attemptSpanId });
  }

  addHolder({ task, epoch }: AttemptName, holder: Holder): void {
    if (!this.goesThroughItems(task)) return this.change(task, holder);
    const { executorId } = holder;
    this.change(task, { executorId, holders: { ...this.of(task).holders, [epoch]: holder } });
  }

  /** Nobody holds an attempt that is new. In a paused run it waits without being announced. */
  release(task: number): void {
    if (this.of(task).executorId === undefined || this.goesThroughItems(task)) return;
    this.change(task, { executorId: undefined, tokenHash: undefined, attemptSpanId: undefined });
  }

  endAttempt(task: number, lastEnd: NonNullable<TaskDetail['lastEnd']>): void {
    const { [lastEnd.epoch]: _, ...holders } = this.of(task).holders ?? {};
    this.change(task, { ...(this.goesThroughItems(task) && { holders }), lastEnd });
  }

  takeResult(task: number, result: FinishResult, isSuccess: boolean): void {
    const { rows, bytes, peakMemoryBytes, dataset } = result;
    const before = this.goesThroughItems(task) ? this.of(task) : NOTHING_YET;
    const amounts = { rows: before.rows + rows, bytes: before.bytes + bytes };
    this.change(task, {
      peakMemoryBytes: Math.max(before.peakMemoryBytes, peakMemoryBytes),
      ...(isSuccess && amounts),
      ...(isSuccess && dataset !== undefined && { dataset }),
    });
  }

  takePart(input: FinishInput, partition: number): void {
    const { executorId = '' } = this.holderOf(input);
    const { id } = this.#record.plan.workflow.tasks[input.task]!;
    const name = `${this.#record.runId}/${id}`;
    const isSuccess = input.outcome.kind === 'succeeded';
    const part = { partition, executorId, result: input.result, isSuccess };
    this.change(input.task, withPart(this.of(input.task), name, part));
  }

  /** What the task made is gone but for some parts, and so is what is known of it; its span goes on. */
  forget(task: number, isKept: (partition: number) => boolean): void {
    const before = this.of(task);
    const { spanId, lastEnd } = before;
    const kept = { ...NOTHING_YET, ...withPartsOf(before, isKept) };
    this.#changed.set(task, { spanId, ...(lastEnd !== undefined && { lastEnd }), ...kept });
  }
}

const NOTHING_YET = { rows: 0, bytes: 0, peakMemoryBytes: 0 };
