import type { RunRecord } from './run-record.ts';

const NONE: readonly string[] = [];

/** What an executor must offer besides its pool to take the task. */
export function labelsOfTask({ plan }: RunRecord, task: number): readonly string[] {
  return plan.workflow.tasks[task]?.labels ?? NONE;
}

export function labelsFit(wanted: readonly string[], offered: readonly string[]): boolean {
  return wanted.every((label) => offered.includes(label));
}
