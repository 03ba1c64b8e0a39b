import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import type { Cancel } from '../state.ts';
import { isTaskEnded } from '../status.ts';
import { endRunIfDone } from './end-run.ts';
import { endCancelled } from './end-task.ts';
import { loseTask } from './retry.ts';

/** X1–X3: what nobody works on ends at once; what runs is told to stop and has until the cancel deadline. */
export function cancelRun(
  draft: Draft,
  why: Pick<Cancel, 'cause' | 'reason'>,
): Refusal | undefined {
  if (draft.run.status === 'cancelling') return 'cancelling';
  draft.setRun({ cancel: { at: draft.world.now, ...why }, status: 'cancelling' });
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, epoch } = draft.task(index);
    if (status === 'running') draft.command({ type: 'stop_attempt', task: index, epoch });
    else if (!isTaskEnded(status)) cancelWaiting(draft, index);
  }
  endRunIfDone(draft);
  return undefined;
}

/** The worker of a running attempt is gone for good. Outside a cancel this counts as a loss: nobody asked for it. */
export function confirmStop(draft: Draft, index: number): void {
  if (draft.run.status !== 'cancelling') {
    const taskId = draft.graphTask(index).id;
    const message = `the worker of task ${taskId} was stopped`;
    return loseTask(draft, index, { code: 'ATTEMPT_LOST', message, taskId });
  }
  draft.endAttempt(index, 'cancelled');
  endCancelled(draft, index);
}

function cancelWaiting(draft: Draft, index: number): void {
  if (draft.task(index).status === 'ready') draft.endAttempt(index, 'cancelled');
  endCancelled(draft, index);
}
