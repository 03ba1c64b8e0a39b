import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { wakeItems } from '../items/wake-items.ts';
import { CANCEL_DEADLINE_MS } from '../limits.ts';
import { isTaskEnded } from '../status.ts';
import { nextTaskWake } from '../wake-at.ts';
import { endUnanswered } from './approval.ts';
import { beginTask } from './begin-task.ts';
import { cancelRun, giveUpRunning, stopRunning } from './cancel.ts';
import { sharedFault } from './followers.ts';
import { failOrRetry, loseTask } from './retry.ts';
import { settle } from './settle.ts';
import { closeChild, giveUpTask } from './stop-task.ts';
import { noteUnheard, wakeVoid } from './void-load.ts';
import { attemptTimeout, queueTimeout, startTimeout, totalTimeout } from './timeouts.ts';

/** W1: the time of something has come. Everything that is due is done; the rest stays. */
export function wakeRun(draft: Draft): Refusal | undefined {
  const { now } = draft.world;
  if (draft.wakeAt === undefined || now < draft.wakeAt) return 'not_due'; // W2
  const { cancel, deadlineAt } = draft.run;
  if (cancel === undefined && now >= deadlineAt) {
    cancelRun(draft, { cause: 'timeout', reason: 'the run reached its timeout' });
  } else if (cancel?.softUntil !== undefined && now >= cancel.softUntil) {
    stopRunning(draft); // X4
  }
  wakeTasks(draft);
  settle(draft);
  draft.findNextWake();
  return undefined;
}

function wakeTasks(draft: Draft): void {
  const { now } = draft.world;
  const { cancel } = draft.run;
  const isGivenUp =
    cancel !== undefined &&
    cancel.softUntil === undefined &&
    now >= (cancel.stoppedAt ?? cancel.at) + CANCEL_DEADLINE_MS;
  if (isGivenUp && cancel.hasGivenUp !== true)
    draft.setRun({ cancel: { ...cancel, hasGivenUp: true } });
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    if (isTaskEnded(task.status)) continue;
    const dueAt = nextTaskWake(task);
    if (isGivenUp && task.voiding === undefined) giveUpRunning(draft, index);
    else if (dueAt !== undefined && now >= dueAt) endWait(draft, index);
  }
}

function endWait(draft: Draft, index: number): void {
  const task = draft.task(index);
  if (task.voiding !== undefined) return wakeVoid(draft, index);
  const { id: taskId, work } = draft.graphTask(index);
  if (task.totalDeadlineAt !== undefined && draft.world.now >= task.totalDeadlineAt) {
    return giveUpTask(draft, index, { end: 'timed_out', failure: totalTimeout(taskId) }); // W3
  }
  if (task.status === 'retrying') return beginTask(draft, index);
  switch (work.kind) {
    case 'attempts':
      if (task.status === 'running') return endOvertime(draft, index);
      return giveUpTask(draft, index, { end: 'timed_out', failure: queueTimeout(taskId) });
    case 'items':
      return wakeItems(draft, index);
    case 'approval':
      return endUnanswered(draft, index);
    case 'workflow':
      return endChildOvertime(draft, index);
    default:
      return assertNever(work);
  }
}

/** W4: that a worker never began is not the fault of the task; that it took too long may be. */
function endOvertime(draft: Draft, index: number): void {
  const { epoch, awaitsBegin } = draft.task(index);
  const { id: taskId } = draft.graphTask(index);
  draft.command({ type: 'stop_attempt', task: index, epoch });
  noteUnheard(draft, index);
  if (awaitsBegin === true) return loseTask(draft, index, startTimeout(taskId));
  const failure = attemptTimeout(taskId);
  const fault = sharedFault(draft, index, { kind: 'timed_out', failure });
  if (fault !== undefined) return loseTask(draft, index, fault); // O3
  draft.endAttempt({ task: index, epoch }, 'timed_out', failure);
  failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
}

function endChildOvertime(draft: Draft, index: number): void {
  const { id: taskId } = draft.graphTask(index);
  const message = `the run that ${taskId} started took longer than its timeout`;
  closeChild(draft, index, message);
  const failure = { code: 'ATTEMPT_TIMEOUT', message, taskId };
  failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
}
