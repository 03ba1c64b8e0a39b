/** What differs between two runs: parameters, and what each task took and gave. */
import type { JsonObject, RunReport, TaskReport } from '@floe/client';

export type ParameterDifference = {
  readonly name: string;
  /** As text; empty where the run did not have it. */
  readonly a: string;
  readonly b: string;
};

export function differingParameters(
  a: JsonObject = {},
  b: JsonObject = {},
): readonly ParameterDifference[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names]
    .map((name) => ({ name, a: toText(a[name]), b: toText(b[name]) }))
    .filter((one) => one.a !== one.b);
}

function toText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type TaskComparison = {
  readonly taskId: string;
  readonly a: TaskReport | undefined;
  readonly b: TaskReport | undefined;
  /** How much longer it took in b, in milliseconds; 0 where one of them did not do it. */
  readonly changeMs: number;
};

/** The tasks of both runs; in the order of the second, then those that only the first had. */
export function compareTasks(a: RunReport, b: RunReport): readonly TaskComparison[] {
  const before = new Map(a.tasks.map((task) => [task.taskId, task]));
  const after = new Map(b.tasks.map((task) => [task.taskId, task]));
  return [...new Set([...after.keys(), ...before.keys()])].map((taskId) => {
    const [one, other] = [before.get(taskId), after.get(taskId)];
    const isBoth = one !== undefined && other !== undefined;
    return {
      taskId,
      a: one,
      b: other,
      changeMs: isBoth ? Number(other.runMs) - Number(one.runMs) : 0,
    };
  });
}
