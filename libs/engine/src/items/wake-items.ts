import type { Draft } from '../draft.ts';
import { attemptTimeout, queueTimeout } from '../transitions/timeouts.ts';
import { giveUpTask } from '../transitions/stop-task.ts';
import { noteUnheard } from '../transitions/void-load.ts';
import { timeOutChunk } from './item-attempts.ts';
import type { WaitingChunk } from './items-state.ts';
import { continueItems } from './offer-items.ts';

/** W1 for a task with items: the offer, each chunk that runs, and each that waits have times of their own. */
export function wakeItems(draft: Draft, index: number): void {
  const { now } = draft.world;
  const { deadlineAt } = draft.task(index);
  if (deadlineAt !== undefined && now >= deadlineAt) {
    const failure = queueTimeout(draft.graphTask(index).id);
    return giveUpTask(draft, index, { end: 'timed_out', failure });
  }
  endOvertime(draft, index);
  const { items } = draft.task(index);
  if (items === undefined) return;
  const free = (chunk: WaitingChunk): WaitingChunk => {
    const { notBefore, ...rest } = chunk;
    return notBefore !== undefined && now >= notBefore ? rest : chunk;
  };
  draft.setTask(index, { items: { ...items, waiting: items.waiting.map(free) } });
  continueItems(draft, index);
}

function endOvertime(draft: Draft, index: number): void {
  const live = draft.task(index).items?.live ?? [];
  for (const chunk of live.filter(({ deadlineAt }) => draft.world.now >= deadlineAt)) {
    // The end of a lead has ended all others.
    if (!draft.task(index).items?.live.includes(chunk)) continue;
    const failure = attemptTimeout(draft.graphTask(index).id);
    draft.command({ type: 'stop_attempt', task: index, epoch: chunk.epoch });
    noteUnheard(draft, index);
    timeOutChunk(draft, index, { chunk, failure });
  }
}
