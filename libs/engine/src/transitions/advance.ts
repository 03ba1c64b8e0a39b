import { evaluateCondition } from '@floe/condition';
import type { Draft } from '../draft.ts';
import { continueItems } from '../items/offer-items.ts';
import { partitionSource } from '../items/remake-parts.ts';
import { stopItems } from '../items/stop-items.ts';
import { beginTask } from './begin-task.ts';
import { isInputInTheMaking } from './input-in-the-making.ts';
import { triggerVerdict } from './trigger.ts';
import { endOrVoid } from './void-load.ts';

/** S1, G1, G2: does with a task that waits what the ends of its upstream tasks call for. `because` ended last. */
export function advance(draft: Draft, index: number, because?: number): void {
  const task = draft.task(index);
  if (because !== undefined && isItemsAwaiting(draft, index, because)) {
    const isFollowed = partitionSource(draft, index)?.of === because;
    const isGone = isFollowed && draft.task(because).status !== 'succeeded';
    return isGone ? stopFollowing(draft, index, because) : continueItems(draft, index); // M5
  }
  if (task.status !== 'pending' || draft.run.status === 'cancelling') return;
  const isAgain = task.epoch > 0 || (task.generation ?? 1) > 1;
  if (isAgain && isInputInTheMaking(draft, index)) return; // M2
  const { trigger, upstream } = draft.graphTask(index);
  switch (triggerVerdict(trigger, task, upstream.length)) {
    case 'wait':
      return;
    case 'skip':
      return endOrVoid(draft, index, { end: 'skipped' });
    case 'upstream_failed':
      return failBecause(draft, index, because);
    case 'go':
      if (isAgain || conditionHolds(draft, index)) beginTask(draft, index);
      else draft.endTask(index, 'skipped'); // G2
  }
}

/** M5: items that were put back go on once their input has been made again, or could not be. */
function isItemsAwaiting(draft: Draft, index: number, because: number): boolean {
  const { items, status, voiding } = draft.task(index);
  if (items === undefined || voiding !== undefined) return false;
  const isUnderWay = status === 'ready' || status === 'running';
  return isUnderWay && (draft.task(because).generation ?? 1) > 1;
}

/** N8: parts that were there before are not those of the ones that could not be made again. */
function stopFollowing(draft: Draft, index: number, because: number): void {
  stopItems(draft, index, { end: 'cancelled', failure: undefined });
  failBecause(draft, index, because);
}

/** U1 */
function failBecause(draft: Draft, index: number, because: number | undefined): void {
  const taskId = because === undefined ? '' : draft.graphTask(because).id;
  const message = `task ${taskId} did not succeed`;
  const failure = { code: 'UPSTREAM_FAILED', message, taskId };
  // It may have been tried before its input went missing (M2).
  endOrVoid(draft, index, { end: 'upstream_failed', failure });
}

function conditionHolds(draft: Draft, index: number): boolean {
  const { when, upstream } = draft.graphTask(index);
  if (when === undefined) return true;
  return evaluateCondition(when, {
    parameters: draft.run.parameters ?? {},
    task(id) {
      const found = upstream.find((up) => draft.graphTask(up).id === id);
      if (found === undefined) return { state: '', rows: undefined };
      const { status, rows } = draft.task(found);
      return { state: status, rows };
    },
  });
}
