import type { TaskState } from '@floe/engine';
import type { ResultRow } from '../commit/rows.ts';
import { RESULT_KEEP_MS } from '../limits.ts';
import type { ResultWish } from '../ports.ts';
import type { RunRecord, TaskDetail } from '../runs/run-record.ts';
import { resultKey } from './result-key.ts';

/** A run as the inputs of a transaction have made it so far. */
export type RunView = {
  readonly record: RunRecord;
  readonly task: (index: number) => TaskState;
  readonly detail: (index: number) => TaskDetail;
};

/** What to look for before an attempt of the task is given out; undefined where nothing is kept of it. */
export function wishForResult(view: RunView, task: number): ResultWish | undefined {
  const { plan, ignoresKnown } = view.record;
  const kept = plan.kept.get(task);
  if (kept === undefined || ignoresKnown === true || isRemade(view, task)) return undefined; // K3
  const key = keyOf(view, task);
  return key === undefined ? undefined : { key, ttlMs: kept.ttlMs };
}

/**
 * What a task that has just succeeded leaves for later runs. Nothing where an input was made anew: while the task
 * worked, that may have changed its content under it.
 */
export function resultToKeep(view: RunView, task: number, now: number): ResultRow | undefined {
  const { plan, runId } = view.record;
  const kept = plan.kept.get(task);
  if (kept === undefined) return undefined;
  if (plan.graph.tasks[task]!.upstream.some((up) => isRemade(view, up))) return undefined;
  const key = keyOf(view, task);
  const { rows, bytes, dataset } = view.detail(task);
  if (key === undefined || dataset === undefined) return undefined;
  const { ttlMs = RESULT_KEEP_MS } = kept;
  const madeAt = view.task(task).startedAt ?? now;
  const expiresAt = madeAt + Math.min(ttlMs, RESULT_KEEP_MS);
  return { key, runId, madeAt, expiresAt, rows, bytes, dataset };
}

function isRemade(view: RunView, task: number): boolean {
  return (view.task(task).generation ?? 1) > 1;
}

function keyOf({ record, detail }: RunView, task: number): string | undefined {
  const { plan, parameters } = record;
  return resultKey({ plan, parameters, task, detailOf: detail });
}
