import type { MakeChecker } from './checker.ts';

export const order: MakeChecker = ({ tables }) => ({
  name: 'order',
  promise: 'I10: a task starts only when what it needs has succeeded',
  onCommit({ batch }, fail) {
    for (const { runId, task } of batch.claims) {
      const record = tables.runs.get(runId)!;
      for (const upstream of record.plan.graph.tasks[task]!.upstream) {
        const { status } = record.state.tasks[upstream]!;
        if (status !== 'succeeded')
          fail(`${runId}/${task} was claimed while ${upstream} was ${status}`);
      }
    }
  },
});
