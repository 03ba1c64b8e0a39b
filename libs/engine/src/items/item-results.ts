import type { FailedItem } from '../input.ts';
import { ITEM_FAILURES_KEPT_MAX } from '../limits.ts';
import type { EpochMs } from '../epoch-ms.ts';
import type { Chunk, ItemsState, LiveChunk } from './items-state.ts';
import { formatRanges, parseRanges } from './ranges.ts';

/** What is known of the items of a chunk after an attempt. */
export type ChunkResult = {
  readonly failed: readonly FailedItem[];
  /** Which failures are tried again, and when. */
  readonly isRetried: (item: FailedItem) => boolean;
  readonly retryAt: EpochMs;
};

/** J2: those that succeeded are done, those that may be tried again wait together, the others have failed. */
export function closeChunk(items: ItemsState, chunk: LiveChunk, result: ChunkResult): ItemsState {
  const mine = new Set(parseRanges(chunk.items));
  const failed = onceEach(result.failed).filter(({ index }) => mine.has(index));
  const retried = failed.filter(result.isRetried).map(({ index }) => index);
  const lost = failed.filter((item) => !result.isRetried(item));
  for (const { index } of failed) mine.delete(index);
  const done = items.done.split('');
  for (const index of mine) done[index] = 's';
  for (const { index } of lost) done[index] = 'f';
  const again = { ...chunkOf(retried.toSorted(ascending), chunk), notBefore: result.retryAt };
  return {
    ...items,
    done: done.join(''),
    succeeded: items.succeeded + mine.size,
    failed: items.failed + lost.length,
    failures: keptFailures(items, lost),
    live: items.live.filter((each) => each.epoch !== chunk.epoch),
    waiting:
      retried.length === 0
        ? items.waiting
        : [...items.waiting, { ...again, failures: chunk.failures + 1 }],
  };
}

/** An item fails once, however often an executor says so. */
function onceEach(failed: readonly FailedItem[]): readonly FailedItem[] {
  return [...new Map(failed.map((item) => [item.index, item])).values()];
}

/** J3: halves of a chunk that was lost with its worker wait in its place, so that the item that kills it is found. */
export function splitLost(items: ItemsState, chunk: LiveChunk, notBefore: EpochMs): ItemsState {
  const indexes = parseRanges(chunk.items);
  const middle = Math.ceil(indexes.length / 2);
  const halves = [indexes.slice(0, middle), indexes.slice(middle)]
    .filter((half) => half.length > 0)
    .map((half) => ({ ...chunkOf(half, chunk), losses: chunk.losses + 1, notBefore }));
  const live = items.live.filter(({ epoch }) => epoch !== chunk.epoch);
  return { ...items, live, waiting: [...items.waiting, ...halves] };
}

/** What nobody works on any more waits, with the counts that it has. */
export function putBack(items: ItemsState, chunk: LiveChunk): ItemsState {
  const { epoch, deadlineAt: _, ...rest } = chunk;
  return {
    ...items,
    live: items.live.filter((each) => each.epoch !== epoch),
    waiting: [rest, ...items.waiting],
  };
}

export function withdrawOffer(items: ItemsState): ItemsState {
  const { offer } = items;
  if (offer === undefined) return items;
  return { ...items, offer: undefined, waiting: [offer, ...items.waiting] };
}

/** What became of the items was asked in the database that they are loaded into. */
export function allSucceeded(items: ItemsState): ItemsState {
  const { total } = items;
  return {
    ...items,
    next: total,
    done: 's'.repeat(total),
    succeeded: total,
    failed: 0,
    failures: [],
    offer: undefined,
    live: [],
    waiting: [],
  };
}

export function allFailed(chunk: Chunk, item: Omit<FailedItem, 'index'>): readonly FailedItem[] {
  return parseRanges(chunk.items).map((index) => ({ index, ...item }));
}

/** The next items to hand out: those that were tried before go first. */
export function takeChunk(
  items: ItemsState,
  size: number,
): { readonly chunk: Chunk; readonly items: ItemsState } | undefined {
  const due = items.waiting.find(({ notBefore }) => notBefore === undefined);
  if (due !== undefined) {
    const waiting = items.waiting.filter((each) => each !== due);
    return { chunk: chunkOf(parseRanges(due.items), due), items: { ...items, waiting } };
  }
  if (items.next >= items.total) return undefined;
  const end = Math.min(items.next + size, items.total);
  const range = end - 1 === items.next ? `${items.next}` : `${items.next}-${end - 1}`;
  return { chunk: { items: range, failures: 0, losses: 0 }, items: { ...items, next: end } };
}

function chunkOf(indexes: readonly number[], { failures, losses }: Chunk): Chunk {
  return { items: formatRanges(indexes), failures, losses };
}

function keptFailures(items: ItemsState, lost: readonly FailedItem[]): ItemsState['failures'] {
  const room = ITEM_FAILURES_KEPT_MAX - items.failures.length;
  const more = lost.slice(0, Math.max(0, room));
  return [...items.failures, ...more.map(({ index, failure }) => ({ index, failure }))];
}

function ascending(a: number, b: number): number {
  return a - b;
}
