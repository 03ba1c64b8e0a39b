import type { TaskState } from '@floe/client';

/** The letters by which the server tells what became of items. */
export const ITEM_STATES = [
  { letter: 'f', word: 'failed', state: 'TASK_STATE_FAILED' },
  { letter: 'r', word: 'running', state: 'TASK_STATE_RUNNING' },
  { letter: 'w', word: 'retrying', state: 'TASK_STATE_RETRYING' },
  { letter: '.', word: 'pending', state: 'TASK_STATE_PENDING' },
  { letter: 's', word: 'succeeded', state: 'TASK_STATE_SUCCEEDED' },
] as const satisfies readonly {
  readonly letter: string;
  readonly word: string;
  readonly state: TaskState;
}[];

export type Item = { readonly index: number; readonly state: TaskState };

const STATE_OF_LETTER: ReadonlyMap<string, TaskState> = new Map(
  ITEM_STATES.map(({ letter, state }) => [letter, state]),
);

/** The items in one state, or all, by position. */
export function itemsIn(states: string, letter: string | undefined): readonly Item[] {
  const items: Item[] = [];
  for (let index = 0; index < states.length; index += 1) {
    const own = states[index] ?? '';
    if (letter !== undefined && own !== letter) continue;
    // A letter of a newer server stands for something that has not ended.
    items.push({ index, state: STATE_OF_LETTER.get(own) ?? 'TASK_STATE_PENDING' });
  }
  return items;
}

export function countItems(states: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const letter of states) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return counts;
}
