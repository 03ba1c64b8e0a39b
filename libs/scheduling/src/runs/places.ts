import { renderKey, type ConflictPolicy } from '@floe/workflow';
import type { RunRecord } from './run-record.ts';

/** The place that a run or an attempt needs before it may go ahead. */
export type Place = {
  readonly key: string;
  readonly limit: number;
  readonly onConflict: ConflictPolicy;
};

/** Of runs and of tasks the keys are apart: a run does not wait for its own tasks. */
export function placeOfRun({ plan, parameters }: RunRecord): Place | undefined {
  const { concurrency } = plan.workflow;
  if (concurrency === undefined) return undefined;
  return { ...concurrency, key: renderKey(concurrency.key, parameters) };
}

/** To rule out a load takes no place: it is no work of the task. */
export function placeOfTask(
  { plan, parameters, state }: RunRecord,
  task: number,
): Place | undefined {
  if (state.tasks[task]?.voiding !== undefined) return undefined;
  const concurrency = plan.workflow.tasks[task]?.concurrency;
  if (concurrency === undefined) return undefined;
  return { ...concurrency, key: renderKey(concurrency.key, parameters) };
}
