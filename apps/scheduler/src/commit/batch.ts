import type { Command } from '@floe/engine';
import { isRunEnded, wakeAt } from '@floe/engine';
import { assert } from '@floe/errors';
import { runSnapshot, taskRunSnapshot } from '../runs/snapshot.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { taskTraceparent } from '../runs/traceparents.ts';
import type { AttemptEndRow, AttemptRow, ClaimRow, OutboxRow, RunEventRow } from './rows.ts';

/** The rows that one transaction writes. Filled by decisions, in order; read once by the store. */
export class Batch {
  readonly runs = new Map<string, RunRecord>();
  readonly tasks = new Map<string, { runId: string; index: number }>();
  readonly attempts: AttemptRow[] = [];
  readonly claims: ClaimRow[] = [];
  readonly ends: AttemptEndRow[] = [];
  readonly events: RunEventRow[] = [];
  readonly outbox: OutboxRow[] = [];

  /** Notes that these rows of the run changed. The record is the run after the change. */
  touch(record: RunRecord, tasks: readonly number[]): void {
    this.runs.set(record.runId, record);
    for (const index of tasks)
      this.tasks.set(`${record.runId}/${index}`, { runId: record.runId, index });
  }

  hint(record: RunRecord, task: number, epoch: number): void {
    const spec = record.plan.workflow.tasks[task];
    assert(spec !== undefined, `task ${task} is in the plan`);
    this.outbox.push({
      kind: 'hint',
      run_id: record.runId,
      payload: {
        runId: record.runId,
        taskId: spec.id,
        epoch,
        pool: spec.pool,
        priority: spec.priority,
      },
      traceparent: taskTraceparent(record, task),
    });
  }

  stop(record: RunRecord, task: number, epoch: number): void {
    const executorId = record.details[task]?.executorId;
    if (executorId === undefined) return;
    const taskId = record.plan.graph.tasks[task]!.id;
    this.outbox.push({
      kind: 'control',
      run_id: record.runId,
      payload: { executorId, runId: record.runId, taskId, epoch },
      traceparent: null,
    });
  }

  /** Adds an event with the next number of the run, for WatchRun and for subscribers. */
  event(record: RunRecord, change: { type: string; task?: number }, now: number): RunRecord {
    const sequence = record.eventSequence + 1;
    const numbered = { ...record, eventSequence: sequence };
    const { type, task } = change;
    const data = {
      run: runSnapshot(numbered),
      ...(task !== undefined && { taskRun: taskRunSnapshot(numbered, task) }),
    };
    this.events.push({
      run_id: record.runId,
      sequence,
      type,
      task_index: task ?? null,
      occurred_at: new Date(now).toISOString(),
      data,
    });
    this.outbox.push({
      kind: 'event',
      run_id: record.runId,
      payload: {
        workflow: record.workflowName,
        runId: record.runId,
        type,
        sequence,
        time: now,
        data,
      },
      traceparent: taskTraceparent(numbered, task),
    });
    return numbered;
  }

  trace(record: RunRecord): void {
    this.outbox.push({ kind: 'trace', run_id: record.runId, payload: {}, traceparent: null });
  }
}

export function endsRun(command: Command): boolean {
  return command.type === 'run_event' && isRunEnded(command.event);
}

export function wakeTime(record: RunRecord): string | null {
  const at = wakeAt(record.state);
  return at === undefined ? null : new Date(at).toISOString();
}
