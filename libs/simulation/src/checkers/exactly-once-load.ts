import type { RunRecord } from '@floe/scheduling';
import type { MakeChecker } from './checker.ts';

export const exactlyOnceLoad: MakeChecker = ({ tables, effects }) => {
  const seen = new Set<string>();

  /** Of a run that does another again, in the run that the result is of. */
  function hasTakenEffect({ runId, retryOf, plan, state }: RunRecord, task: number): boolean {
    if (seen.has(`${runId}/${plan.workflow.tasks[task]!.id}`)) return true;
    const earlier =
      state.tasks[task]!.isReused === true ? tables.runs.get(retryOf ?? '') : undefined;
    return earlier !== undefined && hasTakenEffect(earlier, task);
  }

  return {
    name: 'exactly-once-load',
    promise: 'P3: a load takes effect exactly once, and a load that succeeded has',
    onEffect({ runId, taskId, epoch }, fail) {
      const key = `${runId}/${taskId}`;
      if (seen.has(key)) fail(`load ${key} took effect again, by epoch ${epoch}`);
      seen.add(key);
    },
    onCommit({ batch }, fail) {
      for (const { record, tasks } of batch.runs) {
        for (const task of tasks) {
          const { id, type } = record.plan.workflow.tasks[task]!;
          if (type !== 'postgres_load' || record.state.tasks[task]!.status !== 'succeeded')
            continue;
          if (!hasTakenEffect(record, task))
            fail(`load ${record.runId}/${id} succeeded before its rows were there`);
        }
      }
    },
    atEnd(fail) {
      for (const { runId, taskId } of effects)
        if (!tables.runs.has(runId)) fail(`load ${runId}/${taskId} belongs to no run`);
    },
  };
};
