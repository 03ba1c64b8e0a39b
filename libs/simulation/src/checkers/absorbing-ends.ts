import { isRunEnded, isTaskEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const absorbingEnds: MakeChecker = () => ({
  name: 'absorbing-ends',
  promise:
    'I6: a terminal state never changes, save by a new generation of a task whose dataset went missing',
  onCommit({ before, batch }, fail) {
    for (const { record } of batch.runs) {
      const old = before.get(record.runId);
      if (old === undefined) continue;
      const { state } = record;
      if (isRunEnded(old.state.status))
        fail(`${record.runId} had ended as ${old.state.status} and was changed to ${state.status}`);
      old.state.tasks.forEach(({ status, generation: before = 1 }, task) => {
        const { status: now, generation = 1 } = state.tasks[task]!;
        const isRecalled = status === 'succeeded' && generation > before;
        if (isTaskEnded(status) && now !== status && !isRecalled)
          fail(`${record.runId}/${task} had ended as ${status} and became ${now}`);
        if (isRecalled && record.plan.workflow.tasks[task]!.type === 'postgres_load')
          fail(`${record.runId}/${task} is a load and was done again`);
      });
    }
  },
});
