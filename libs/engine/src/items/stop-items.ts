import type { Draft } from '../draft.ts';
import type { AttemptEnd, TaskState } from '../state.ts';
import type { Failure } from '../failure.ts';
import { noteUnheard } from '../transitions/void-load.ts';
import { putBack, withdrawOffer } from './item-results.ts';

/** The attempts of a running task that executors hold. */
export function liveEpochs({ items, epoch }: TaskState): readonly number[] {
  return items === undefined ? [epoch] : items.live.map((chunk) => chunk.epoch);
}

/** Ends every attempt of the task, without waiting for anybody. What was not done stays not done. */
export function stopItems(
  draft: Draft,
  index: number,
  { end, failure }: { readonly end: AttemptEnd; readonly failure: Failure | undefined },
): void {
  const { items, epoch: offered } = draft.task(index);
  if (items === undefined) return;
  if (items.live.length > 0) noteUnheard(draft, index);
  for (const { epoch } of items.live) {
    draft.command({ type: 'stop_attempt', task: index, epoch });
    draft.endAttempt({ task: index, epoch }, end, failure);
  }
  if (items.offer !== undefined) draft.endAttempt({ task: index, epoch: offered }, end, failure);
  draft.setTask(index, { items: items.live.reduce(putBack, withdrawOffer(items)) });
}
