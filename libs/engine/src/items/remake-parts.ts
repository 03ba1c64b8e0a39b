/**
 * Parts of a dataset that went missing.
 *
 *   N7. Only the partitions whose parts are gone are done again; what the lead had handed out holds for them, as long as
 *       what it names is there. When it is not, all begin again under a new lead.
 *   N8. Parts never come from two leads. When all partitions of a task begin again, those that follow them do so too where
 *       they are under way; and those that were made of earlier parts are not mixed with ones of newer parts.
 */
import type { Draft } from '../draft.ts';
import type { ItemSource } from '../graph.ts';
import type { Failure } from '../failure.ts';
import { isTaskEnded } from '../status.ts';
import { putBack, withdrawOffer } from './item-results.ts';
import type { ItemsState, LiveChunk, WaitingChunk } from './items-state.ts';
import { isPartitioned } from './item-source.ts';
import { hasLead, newPartitions } from './partitions.ts';
import { parseRanges } from './ranges.ts';
import { stopItems } from './stop-items.ts';

type PartitionSource = ItemSource & { readonly from: 'partitions' };

export function partitionSource(draft: Draft, index: number): PartitionSource | undefined {
  const { work } = draft.graphTask(index);
  return work.kind === 'items' && work.source.from === 'partitions' ? work.source : undefined;
}

/** The parts of `input` that an attempt has not found; undefined where that is not known: then it may be any. */
export function missingParts(
  draft: Draft,
  { reader, input, items }: { reader: number; input: number; items?: string | undefined },
  { details }: Failure,
): readonly number[] | undefined {
  const source = partitionSource(draft, input);
  if (source === undefined) return undefined;
  const isFollower = partitionSource(draft, reader)?.of === input;
  if (isFollower && items !== undefined) return parseRanges(items);
  const told = details?.['parts'] ?? '';
  const parts = told.split(',').map(Number);
  const isKnown = parts.every((part) => Number.isInteger(part) && part >= 0 && part < source.count);
  return told !== '' && isKnown ? [...new Set(parts)] : undefined;
}

/** N7: the state in which only those parts are open; undefined where all have to be made again. */
export function openParts(
  draft: Draft,
  index: number,
  parts: readonly number[] | undefined,
): ItemsState | undefined {
  const { items, status } = draft.task(index);
  if (items?.partRows === undefined || parts === undefined) return undefined;
  const lost = parts.filter((part) => items.done[part] === 's');
  if (lost.length === items.total || !isOfPresentParts(draft, index)) return undefined;
  // Of what has ended nothing waits but a lead that was put back.
  const open = status === 'succeeded' ? { ...items, waiting: [] } : items;
  return reopened(open, lost);
}

function reopened(items: ItemsState, lost: readonly number[]): ItemsState {
  const done = items.done.split('');
  const partRows = { ...items.partRows };
  for (const part of lost) {
    done[part] = '.';
    delete partRows[part];
  }
  const waiting = lost.map((part): WaitingChunk => ({ items: `${part}`, failures: 0, losses: 0 }));
  return {
    ...items,
    done: done.join(''),
    succeeded: items.succeeded - lost.length,
    partRows,
    waiting: [...items.waiting, ...waiting],
  };
}

/** N8: whether what it follows is still what its parts were made of. */
function isOfPresentParts(draft: Draft, index: number): boolean {
  const of = partitionSource(draft, index)?.of;
  if (of === undefined || draft.task(index).status !== 'succeeded') return true;
  const { status, endedAt } = draft.task(of);
  const { startedAt } = draft.task(index);
  if (status !== 'succeeded' || endedAt === undefined || startedAt === undefined) return false;
  return endedAt <= startedAt;
}

/** N7: true for the attempt for a partition that relies on what a lead handed out that is no more. */
export function reliesOnOldLead(draft: Draft, index: number): boolean {
  const { items } = draft.task(index);
  return items !== undefined && partitionSource(draft, index)?.isLed === true && !hasLead(items);
}

/** N7: what the old lead handed out does not hold any more. */
export function beginUnderNewLead(
  draft: Draft,
  index: number,
  { chunk, failure }: { readonly chunk: LiveChunk; readonly failure: Failure },
): void {
  draft.setTask(index, { items: putBack(draft.task(index).items!, chunk) });
  resetPartitions(draft, index, failure);
  resetFollowers(draft, index, failure);
}

/** M5: a part that is on offer would be read from a dataset that does not count at present. */
export function holdFollowers(draft: Draft, index: number): void {
  for (const next of draft.graphTask(index).downstream) {
    const { items } = draft.task(next);
    if (partitionSource(draft, next)?.of !== index || items?.offer === undefined) continue;
    draft.setTask(next, { deadlineAt: undefined, items: withdrawOffer(items) });
  }
}

/** N8 */
export function resetFollowers(draft: Draft, index: number, failure: Failure): void {
  for (const next of draft.graphTask(index).downstream) {
    if (partitionSource(draft, next)?.of !== index) continue;
    const { items, status } = draft.task(next);
    if (items === undefined || isTaskEnded(status)) continue;
    resetPartitions(draft, next, failure);
    resetFollowers(draft, next, failure);
  }
}

function resetPartitions(draft: Draft, index: number, failure: Failure): void {
  const source = partitionSource(draft, index);
  if (source === undefined) return;
  stopItems(draft, index, { end: 'cancelled', failure });
  draft.setTask(index, { rows: undefined, deadlineAt: undefined, items: newPartitions(source) });
}

/** Rows of a part count once, however often it is made. */
export function countRows(
  draft: Draft,
  index: number,
  made: { chunk: LiveChunk; rows: number },
): void {
  const { items, rows: before = 0 } = draft.task(index);
  const [part] = parseRanges(made.chunk.items);
  if (items === undefined || part === undefined || !isPartitioned(draft.graph, index)) {
    draft.setTask(index, { rows: before + made.rows });
    return;
  }
  const partRows = { ...items.partRows, [part]: made.rows };
  draft.setTask(index, { rows: sumRows(partRows), items: { ...items, partRows } });
}

export function sumRows(partRows: ItemsState['partRows']): number {
  return Object.values(partRows ?? {}).reduce((sum, rows) => sum + rows, 0);
}
