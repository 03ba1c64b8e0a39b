import { FloeError } from '@floe/errors';
import type { AttemptFailure, FailedItem } from '@floe/execution';
import { itemName } from '@floe/tasks/light';
import type { TaskContext, TaskResult, TaskRunner } from '@floe/tasks/light';
import type { Job } from './messages.ts';
import { toFailure } from './to-failure.ts';

export type ItemsResult = TaskResult & { readonly failedItems: readonly FailedItem[] };

// The name by which the texts of a task know its item.
const ITEM_PARAMETER = 'item';

/**
 * Runs a task, once or for each of its items. One item after the other: how much goes on at once is for the scheduler
 * to say. An item that fails does not keep those after it.
 */
export async function runItems(
  run: TaskRunner,
  context: TaskContext,
  items: Job['items'],
): Promise<ItemsResult> {
  if (items.length === 0) return { ...(await run(context)), failedItems: [] };
  const failedItems: FailedItem[] = [];
  let rows = 0;
  let bytes = 0;
  for (const item of items) {
    if (context.signal.aborted) throw new FloeError('CANCELLED', 'the items were cancelled');
    try {
      const result = await run(withItem(context, item, { rows, bytes }));
      rows += result.rows;
      bytes += result.bytes;
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      failedItems.push({ index: item.index, failure: nameItem(toFailure(thrown), item.index) });
    }
    context.progress({ rows, bytes });
  }
  return { rows, bytes, failedItems };
}

/** Its progress adds to that of the items before it. */
function withItem(
  context: TaskContext,
  { index, valueJson }: Job['items'][number],
  before: { readonly rows: number; readonly bytes: number },
): TaskContext {
  const value = JSON.parse(valueJson) as TaskContext['params'][string];
  return {
    ...context,
    taskId: itemName(context.taskId, index),
    params: { ...context.params, [ITEM_PARAMETER]: value },
    progress: ({ rows, bytes, ...update }) =>
      context.progress({
        ...update,
        ...(rows !== undefined && { rows: before.rows + rows }),
        ...(bytes !== undefined && { bytes: before.bytes + bytes }),
      }),
  };
}

// All items of an attempt may fail, and one message tells of them all.
const ITEM_MESSAGE_CHARACTERS_MAX = 500;

function nameItem(failure: AttemptFailure, index: number): AttemptFailure {
  const message = `item ${index}: ${failure.message}`.slice(0, ITEM_MESSAGE_CHARACTERS_MAX);
  return { ...failure, message, details: {} };
}
