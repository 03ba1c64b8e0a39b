import type { Failure } from '../failure.ts';
import { ITEM_FAILURES_KEPT_MAX } from '../limits.ts';
import type { ItemFailure, ItemsState } from './items-state.ts';
import { formatRanges } from './ranges.ts';

// What failed before is tried in smaller parts, so that one bad item holds up few others.
const AGAIN_CHUNK = 20;

/** What an item has for a failure that was not done in the earlier run, and is left out of this one. */
export const ITEM_LEFT_OUT: Failure = {
  code: 'ITEM_LEFT_OUT',
  message: 'it was not done before, and the retry is of other items',
};

/** Y3: all that did not succeed waits to be tried; what succeeded is kept. */
export function openItemsAgain(items: ItemsState): ItemsState {
  return waitingFor(
    positionsOf(items, (end) => end !== 's'),
    { ...items, failures: [] },
  );
}

/** Y4: those that are named wait to be tried, whatever they were; the others stay as they ended. */
export function namedItemsAgain(items: ItemsState, named: readonly number[]): ItemsState {
  const chosen = new Set(named);
  const isOut = (end: string, index: number) => end === '.' && !chosen.has(index);
  const left = positionsOf(items, isOut).map((index) => ({ index, failure: ITEM_LEFT_OUT }));
  const stay = items.failures.filter(({ index }) => !chosen.has(index));
  const failures: readonly ItemFailure[] = [...stay, ...left].slice(0, ITEM_FAILURES_KEPT_MAX);
  const done = Array.from(items.done, (end, index) => (isOut(end, index) ? 'f' : end)).join('');
  const open = [...chosen].toSorted((a, b) => a - b);
  return waitingFor(open, { ...items, done, failures });
}

/** Waits to be tried in one chunk for each that are handed out together. */
function waitingFor(open: readonly number[], items: ItemsState): ItemsState {
  const done = items.done.split('');
  for (const index of open) done[index] = '.';
  const chunks = Array.from({ length: Math.ceil(open.length / AGAIN_CHUNK) }, (_, at) => ({
    items: formatRanges(open.slice(at * AGAIN_CHUNK, (at + 1) * AGAIN_CHUNK)),
    failures: 0,
    losses: 0,
  }));
  const count = (wanted: string) => done.filter((end) => end === wanted).length;
  return {
    ...items,
    next: items.total,
    done: done.join(''),
    succeeded: count('s'),
    failed: count('f'),
    offer: undefined,
    live: [],
    waiting: chunks,
  };
}

function positionsOf(
  { done }: ItemsState,
  isMeant: (end: string, index: number) => boolean,
): readonly number[] {
  return Array.from(done).flatMap((end, index) => (isMeant(end, index) ? [index] : []));
}
