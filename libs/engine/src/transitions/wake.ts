import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { CANCEL_DEADLINE_MS } from '../limits.ts';
import { isRunEnded, isTaskEnded } from '../status.ts';
import { nextTaskWake } from '../wake-at.ts';
import { cancelRun, confirmStop } from './cancel.ts';
import { endRunIfDone } from './end-run.ts';
import { failTask } from './end-task.ts';
import { makeReady } from './ready.ts';
import { failOrRetry } from './retry.ts';

/** W1: the time of something has come. Everything that is due is done; the rest stays. */
export function wakeRun(draft: Draft): Refusal | undefined {
  const { now } = draft.world;
  if (draft.wakeAt === undefined || now < draft.wakeAt) return 'not_due'; // W2
  const { status, cancel, deadlineAt } = draft.run;
  if (status !== 'cancelling' && now >= deadlineAt) {
    return cancelRun(draft, { cause: 'timeout', reason: 'the run reached its timeout' });
  }
  const isGivenUp = cancel !== undefined && now >= cancel.at + CANCEL_DEADLINE_MS;
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    const dueAt = nextTaskWake(task);
    if (task.status === 'running' && isGivenUp) confirmStop(draft, index);
    else if (dueAt !== undefined && now >= dueAt && !isTaskEnded(task.status))
      endWait(draft, index);
  }
  endRunIfDone(draft);
  if (!isRunEnded(draft.run.status)) draft.findNextWake();
  return undefined;
}

function endWait(draft: Draft, index: number): void {
  const task = draft.task(index);
  if (task.status === 'retrying') return makeReady(draft, index);
  const taskId = draft.graphTask(index).id;
  if (task.status === 'ready') {
    const failure = {
      code: 'QUEUE_TIMEOUT',
      message: `no executor took task ${taskId} within its queue timeout`,
      taskId,
      hint: 'Start an executor for its pool, or raise queue_timeout.',
    };
    draft.endAttempt(index, 'timed_out', failure);
    return failTask(draft, index, { failure, end: 'timed_out' });
  }
  const message = `task ${taskId} ran longer than its timeout`;
  const failure = { code: 'ATTEMPT_TIMEOUT', message, taskId };
  draft.command({ type: 'stop_attempt', task: index, epoch: task.epoch });
  draft.endAttempt(index, 'timed_out', failure);
  failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
}
