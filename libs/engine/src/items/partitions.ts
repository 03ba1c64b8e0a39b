/**
 * Partitions: items of which each makes a part of one dataset.
 *
 *   N1. With a lead, an attempt without items, nothing else is offered before it has handed out what they share.
 *   N2. Partitions count only together with the lead under which they ran: when it is gone, all begin again.
 *   N3. That happens as often as the lead may fail and be lost, and no more.
 *   N4. When all have succeeded, the lead is ended with them.
 *   N5. One that has failed for good ends all others: a part of a dataset is of no use.
 *   N6. Whoever claims may get another than the one on offer.
 */
import type { Draft } from '../draft.ts';
import type { ItemSource } from '../graph.ts';
import type { Failure } from '../failure.ts';
import { newItems, type Chunk, type ItemsState, type WaitingChunk } from './items-state.ts';
import { stopItems } from './stop-items.ts';

const LEAD: Chunk = { items: '', failures: 0, losses: 0 };

export function isLead(chunk: Chunk): boolean {
  return chunk.items === LEAD.items;
}

export function hasLead({ live }: ItemsState): boolean {
  return live.some(isLead);
}

/** N1 */
export function newPartitions({
  count,
  isLed,
}: ItemSource & { readonly from: 'partitions' }): ItemsState {
  const waiting = isLed ? [LEAD] : eachAlone(count);
  return { ...newItems(count), next: count, waiting };
}

/** Each is tried by an attempt of its own, which leaves one part. */
export function eachAlone(count: number): readonly WaitingChunk[] {
  return Array.from({ length: count }, (_, item) => ({
    items: `${item}`,
    failures: 0,
    losses: 0,
  }));
}

/** N4 */
export function endPartitions(draft: Draft, index: number): void {
  stopItems(draft, index, { end: 'succeeded', failure: undefined });
  draft.endTask(index, 'succeeded');
}

/** N5 */
export function failPartitions(draft: Draft, index: number, failure: Failure): void {
  stopItems(draft, index, { end: 'cancelled', failure });
  draft.endTask(index, 'failed', failure);
}
