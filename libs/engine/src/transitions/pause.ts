import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { offerItems } from '../items/offer-items.ts';
import { beginInside, dispatch } from './announce.ts';

/** P1, P2: what runs goes on; nothing new is handed out, and so the queue timers of what is ready stand still. */
export function pauseRun(draft: Draft): Refusal | undefined {
  draft.setRun({ status: 'paused' });
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, items, deadlineAt, voiding } = draft.task(index);
    if (voiding !== undefined) continue; // V3
    const isOffered = status === 'ready' || items?.offer !== undefined;
    if (isOffered && deadlineAt !== undefined) draft.setTask(index, { deadlineAt: undefined });
  }
  return undefined;
}

/** P3: what became ready meanwhile, or was ready before, is handed out; its queue timer begins anew. */
export function resumeRun(draft: Draft): Refusal | undefined {
  draft.setRun({ status: draft.run.startedAt === undefined ? 'queued' : 'running' });
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, items, voiding } = draft.task(index);
    if (voiding !== undefined) continue;
    const { work } = draft.graphTask(index);
    if (work.kind === 'items' && (status === 'ready' || status === 'running')) {
      if (items?.offer === undefined) offerItems(draft, index);
      else dispatch(draft, index);
    } else if (status === 'ready' && work.kind === 'attempts') dispatch(draft, index);
    else if (status === 'ready') beginInside(draft, index);
  }
  return undefined;
}
