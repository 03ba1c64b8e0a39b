import type { Draft } from '../draft.ts';
import type { ItemSource, Work } from '../graph.ts';
import { ITEM_ATTEMPTS_AIM, ITEMS_MAX } from '../limits.ts';
import { dispatch } from '../transitions/announce.ts';
import { isTaskEnded } from '../status.ts';
import { isInputInTheMaking } from '../transitions/input-in-the-making.ts';
import { endStopped } from '../transitions/stop-task.ts';
import { endOrVoid } from '../transitions/void-load.ts';
import { countItems, isPartitioned } from './item-source.ts';
import { takeChunk } from './item-results.ts';
import { newItems, type ItemsState } from './items-state.ts';
import { endPartitions, failPartitions, newPartitions } from './partitions.ts';

type ItemsWork = Work & { readonly kind: 'items' };
type PartitionSource = ItemSource & { readonly from: 'partitions' };

/** J1: counts the items once, and offers the first of them. None is a success; what cannot be counted fails the task. */
export function openItems(draft: Draft, index: number, { source }: ItemsWork): void {
  const total = countItems(source, {
    parameters: draft.run.parameters,
    rowsOf: (task) => draft.task(task).rows,
  });
  if (source.from === 'partitions') return openPartitions(draft, index, source);
  const { items } = draft.task(index);
  if (total === undefined || total > ITEMS_MAX) return refuseItems(draft, index, total);
  if (total === 0) return draft.endTask(index, 'succeeded');
  // What an earlier generation has done stays done, as long as there are as many items.
  if (items?.total !== total) draft.setTask(index, { items: newItems(total) });
  continueItems(draft, index);
}

function openPartitions(draft: Draft, index: number, source: PartitionSource): void {
  // N7: of a dataset some parts of which went missing, the others are there.
  const { items } = draft.task(index);
  if (items === undefined) draft.setTask(index, { items: newPartitions(source) });
  continueItems(draft, index);
}

function refuseItems(draft: Draft, index: number, total: number | undefined): void {
  const { id: taskId } = draft.graphTask(index);
  const message =
    total === undefined
      ? `what ${taskId} has to go through is not a list`
      : `${taskId} has ${total} items; at most ${ITEMS_MAX} are allowed`;
  const hint =
    total === undefined
      ? 'Give the parameter a JSON list, like ["OSL", "BGO"].'
      : 'Go through larger parts in each item.';
  draft.endTask(index, 'failed', { code: 'ITEMS_INVALID', message, taskId, hint });
}

/** J4: at any time one chunk is offered, as long as there is one and fewer run than may at once. */
export function offerItems(draft: Draft, index: number): void {
  const { items, epoch, status } = draft.task(index);
  const { work } = draft.graphTask(index);
  if (items === undefined || work.kind !== 'items' || items.offer !== undefined) return;
  const isFirst = status === 'pending';
  if (isFirst) draft.setTask(index, { status: 'ready', readyAt: draft.world.now });
  if (draft.run.status === 'paused' || items.live.length >= work.parallel) return;
  if (isInputInTheMaking(draft, index)) return; // M5
  const size = work.chunk ?? Math.ceil(items.total / ITEM_ATTEMPTS_AIM);
  const taken = takeChunk(items, size);
  if (taken === undefined) return;
  draft.setTask(index, {
    epoch: epoch + 1,
    readyAt: draft.world.now,
    items: { ...taken.items, offer: taken.chunk },
  });
  dispatch(draft, index);
}

/** After something has changed: the end of the task when all is done, else the next chunk. */
export function continueItems(draft: Draft, index: number): void {
  const { items } = draft.task(index);
  if (items === undefined || isTaskEnded(draft.task(index).status)) return;
  if (isPartitioned(draft.graph, index)) {
    if (items.succeeded === items.total) return endPartitions(draft, index);
    if (items.failed > 0) return failPartitions(draft, index, items.failures[0]!.failure);
  } else if (items.succeeded + items.failed === items.total) return endItems(draft, index, items);
  if (draft.run.status !== 'cancelling') return offerItems(draft, index);
  if (items.live.length === 0) endStopped(draft, index);
}

function endItems(draft: Draft, index: number, { failed, total, failures }: ItemsState): void {
  if (failed === 0) return draft.endTask(index, 'succeeded');
  const { id: taskId } = draft.graphTask(index);
  const [first] = failures;
  const why = first === undefined ? '' : `; the first: ${first.failure.message}`;
  const message = `${failed} of ${total} items failed${why}`;
  const details = { failed: `${failed}`, total: `${total}` };
  const failure = { code: 'ITEMS_FAILED', message, taskId, details };
  endOrVoid(draft, index, { end: 'failed', failure });
}
