import { isRunEnded, isTaskEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const absorbingEnds: MakeChecker = () => ({
  name: 'absorbing-ends',
  promise: 'I6: a terminal state never changes',
  onCommit({ before, batch }, fail) {
    for (const { record } of batch.runs) {
      const old = before.get(record.runId);
      if (old === undefined) continue;
      const { state } = record;
      if (isRunEnded(old.state.status))
        fail(`${record.runId} had ended as ${old.state.status} and was changed to ${state.status}`);
      old.state.tasks.forEach(({ status }, task) => {
        const now = state.tasks[task]!.status;
        if (isTaskEnded(status) && now !== status)
          fail(`${record.runId}/${task} had ended as ${status} and became ${now}`);
      });
    }
  },
});
