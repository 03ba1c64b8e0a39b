import { parseRanges } from '@floe/engine';
import type { ItemsState } from '@floe/engine';

/** A letter for each item, by its position: what is done, what runs, what waits to be tried again, and the rest. */
export function itemStates({ done, live, waiting }: Pick<ItemsState, 'done' | 'live' | 'waiting'>) {
  const letters = done.split('');
  const mark = (letter: string, chunks: readonly { readonly items: string }[]) => {
    for (const { items } of chunks) for (const index of parseRanges(items)) letters[index] = letter;
  };
  mark('w', waiting);
  mark('r', live);
  return letters.join('');
}
