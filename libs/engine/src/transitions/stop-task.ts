import type { Draft } from '../draft.ts';
import { stopItems } from '../items/stop-items.ts';
import type { Failure } from '../failure.ts';
import { endOrVoid, noteUnheard } from './void-load.ts';

export function cancelledStatus(draft: Draft): 'cancelled' | 'timed_out' {
  return draft.run.cancel?.cause === 'timeout' ? 'timed_out' : 'cancelled';
}

/** Ends a task because its run is being stopped. */
export function endStopped(draft: Draft, index: number): void {
  endOrVoid(draft, index, { end: cancelledStatus(draft) });
}

/** Ends whatever goes on for a task, and the task, without waiting for anybody. */
export function giveUpTask(
  draft: Draft,
  index: number,
  ending: { readonly end: 'timed_out' | 'cancelled' | 'skipped'; readonly failure?: Failure },
): void {
  const { end, failure } = ending;
  const { status, epoch, voiding } = draft.task(index);
  if (voiding !== undefined) return; // V3
  const attempt = { task: index, epoch };
  const { work } = draft.graphTask(index);
  const attemptEnd = end === 'skipped' ? 'cancelled' : end;
  if (work.kind === 'items') stopItems(draft, index, { end: attemptEnd, failure });
  else if (work.kind === 'attempts' && status === 'running') {
    draft.command({ type: 'stop_attempt', ...attempt });
    draft.endAttempt(attempt, attemptEnd, failure);
    noteUnheard(draft, index);
  } else if (work.kind === 'attempts' && status === 'ready') {
    draft.endAttempt(attempt, attemptEnd, failure);
  } else if (work.kind === 'workflow' && status === 'running') {
    closeChild(draft, index, failure?.message ?? 'the task that started it was given up');
  }
  endOrVoid(draft, index, ending);
}

/** K3: what becomes of a child when its parent no longer waits for it. True when it is being cancelled. */
export function closeChild(draft: Draft, index: number, reason: string): boolean {
  const { work } = draft.graphTask(index);
  if (work.kind !== 'workflow' || work.onClose === 'abandon') return false;
  const { epoch } = draft.task(index);
  draft.command({ type: 'cancel_child', task: index, epoch, reason });
  return true;
}
