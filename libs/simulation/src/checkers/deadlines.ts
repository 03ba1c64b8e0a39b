import { isRunEnded, type ItemsState, type TaskState, type TaskStatus } from '@floe/engine';
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
        const due =
          task.items === undefined ? dueOf(task) : dueOfItems(task.items, task.deadlineAt);
        // While a run is paused its own timeout is the deadline of what is ready.
        const isHeld = task.status === 'ready' || task.items?.live.length === 0;
        // Items that wait for an input that is made again wait for the task that makes it.
        const isIdle = task.items?.live.length === 0 && task.waitingFor > 0;
        const waits = WAITING.includes(task.status) && !(isPaused && isHeld) && !isIdle;
        if (waits && due === undefined)
          fail(`${record.runId}/${index} is ${task.status} without a deadline`);
        if (waits && due !== undefined && wakeAt !== undefined && wakeAt > due)
          fail(`${record.runId} wakes ${wakeAt - due} ms after ${index} is due`);
      });
    }
  },
});

function dueOf({ status, nextAttemptAt, deadlineAt }: TaskState): number | undefined {
  return status === 'retrying' ? nextAttemptAt : deadlineAt;
}

/** What is offered, runs or waits has a time of its own. */
function dueOfItems({ live, waiting, offer }: ItemsState, offeredUntil = NaN): number | undefined {
  const times = [
    ...live.map(({ deadlineAt }) => deadlineAt),
    ...waiting.map(({ notBefore = NaN }) => notBefore),
    offer === undefined ? NaN : offeredUntil,
  ].filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.min(...times);
}
