import { isRunEnded, type TaskStatus } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

const WAITING: readonly TaskStatus[] = ['ready', 'running', 'retrying'];

export const deadlines: MakeChecker = () => ({
  name: 'deadlines',
  promise: 'P6: every wait has a deadline',
  onCommit({ batch }, fail) {
    for (const { record } of batch.runs) {
      const { status, wakeAt, tasks } = record.state;
      if (isRunEnded(status)) continue;
      const isPaused = status === 'paused';
      if (wakeAt === undefined) fail(`${record.runId} is ${status} and nothing will wake it`);
      tasks.forEach((task, index) => {
        const due = task.status === 'retrying' ? task.nextAttemptAt : task.deadlineAt;
        // While a run is paused its own timeout is the deadline of what is ready.
        const waits = WAITING.includes(task.status) && !(isPaused && task.status === 'ready');
        if (waits && due === undefined)
          fail(`${record.runId}/${index} is ${task.status} without a deadline`);
        if (waits && due !== undefined && wakeAt !== undefined && wakeAt > due)
          fail(`${record.runId} wakes ${wakeAt - due} ms after ${index} is due`);
      });
    }
  },
});
