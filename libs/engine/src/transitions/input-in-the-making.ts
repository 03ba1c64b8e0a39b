import type { Draft } from '../draft.ts';
import { isTaskEnded } from '../status.ts';

/** M2: whether something that the task has read before is being made again. */
export function isInputInTheMaking(draft: Draft, index: number): boolean {
  return draft.graphTask(index).upstream.some((up) => {
    const { generation = 1, status } = draft.task(up);
    return generation > 1 && !isTaskEnded(status);
  });
}
