import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import { openItems } from '../items/offer-items.ts';
import { announce, beginInside } from './announce.ts';

/** Sets a task going, for the first time or again, by whoever carries it out. */
export function beginTask(draft: Draft, index: number): void {
  startTotalTimer(draft, index);
  const { work } = draft.graphTask(index);
  switch (work.kind) {
    case 'attempts':
      return announce(draft, index);
    case 'items':
      return openItems(draft, index, work);
    case 'approval':
    case 'workflow':
      return beginInside(draft, index);
    default:
      return assertNever(work);
  }
}

/** W3: counts from the first begin, over all attempts. */
function startTotalTimer(draft: Draft, index: number): void {
  const { totalTimeoutMs } = draft.graphTask(index).policy;
  if (totalTimeoutMs === undefined || draft.task(index).totalDeadlineAt !== undefined) return;
  draft.setTask(index, { totalDeadlineAt: draft.world.now + totalTimeoutMs });
}
