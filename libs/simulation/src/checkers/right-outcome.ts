import { isTaskEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

/** What became of a task is what became of its newest attempt: nobody who held an older one changed anything. */
export const rightOutcome: MakeChecker = ({ tables }) => ({
  name: 'right-outcome',
  promise: 'P2: only the holder of the newest attempt changes a task',
  onCommit({ batch }, fail) {
    for (const { record, tasks } of batch.runs) {
      for (const task of tasks) {
        const { status, epoch } = record.state.tasks[task]!;
        const attempt = tables.attempt(record.runId, task, epoch);
        const where = `${record.runId}/${task} epoch ${epoch}`;
        if (status === 'running' && attempt?.state !== 'running')
          fail(`${where} is running, its attempt is ${attempt?.state ?? 'absent'}`);
        if (status === 'succeeded' && attempt?.state !== 'succeeded')
          fail(`${where} succeeded, its attempt is ${attempt?.state ?? 'absent'}`);
        if (isTaskEnded(status) && attempt?.state === 'running')
          fail(`${where} is ${status}, and its attempt still runs`);
      }
    }
  },
});
