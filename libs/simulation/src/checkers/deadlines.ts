import { isRunEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const deadlines: MakeChecker = () => ({
  name: 'deadlines',
  promise: 'P6: every wait has a deadline',
  onCommit({ batch }, fail) {
    for (const { record } of batch.runs) {
      const { status, wakeAt, tasks } = record.state;
      if (isRunEnded(status)) continue;
      if (wakeAt === undefined) fail(`${record.runId} is ${status} and nothing will wake it`);
      tasks.forEach((task, index) => {
        const due = task.status === 'retrying' ? task.nextAttemptAt : task.deadlineAt;
        const waits =
          task.status === 'ready' || task.status === 'running' || task.status === 'retrying';
        if (waits && due === undefined)
          fail(`${record.runId}/${index} is ${task.status} without a deadline`);
        if (waits && due !== undefined && wakeAt !== undefined && wakeAt > due)
          fail(`${record.runId} wakes ${wakeAt - due} ms after ${index} is due`);
      });
    }
  },
});
