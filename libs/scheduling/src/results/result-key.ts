import type { ParameterValue } from '@floe/expression';
import { canonicalJson, renderKey } from '@floe/workflow';
import type { TaskDetail } from '../runs/run-record.ts';
import type { RunPlan } from '../runs/run-plan.ts';

export type KeySource = {
  readonly plan: RunPlan;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly task: number;
  /** Of an upstream task, by its position. */
  readonly detailOf: (task: number) => TaskDetail;
};

/**
 * The key of what a task makes: the same text with the same parameters on the same content makes the same rows. Which
 * run or workflow it belongs to, and where the datasets lie, is no part of it. Undefined when the task keeps no results,
 * or when the content of an input is not known. It is a text; stores keep its hash.
 */
export function resultKey({ plan, parameters, task, detailOf }: KeySource): string | undefined {
  const kept = plan.kept.get(task);
  if (kept === undefined) return undefined;
  const inputs: [name: string, hash: string][] = [];
  for (const name of plan.workflow.tasks[task]!.inputs) {
    const hash = contentOf(detailOf(plan.taskIndexes.get(name)!));
    if (hash === undefined) return undefined;
    inputs.push([name, hash]);
  }
  const given = kept.parameters.map((name) => [name, parameters[name] ?? null]);
  const key = kept.key === undefined ? null : renderKey(kept.key, parameters);
  return canonicalJson([kept.text, given, inputs, key]);
}

/** The hash that an executor has reported of the content of a dataset. */
export function contentOf({ dataset }: Pick<TaskDetail, 'dataset'>): string | undefined {
  if (typeof dataset !== 'object' || dataset === null || !('hash' in dataset)) return undefined;
  return typeof dataset.hash === 'string' ? dataset.hash : undefined;
}
