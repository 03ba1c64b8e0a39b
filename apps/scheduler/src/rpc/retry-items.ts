import { ITEMS_MAX, type RetryFrom } from '@floe/engine';
import { FloeError } from '@floe/errors';
import type { RunRecord } from '@floe/scheduling';

/** What stands for all items that did not succeed. */
const UNSUCCESSFUL = 'failed';

// Far more ranges than a person names, and a text that is read at once.
const TEXT_LENGTH_MAX = 100_000;

/** Y4: the items of a task that are tried again; none named where all are. */
export function readItems(ended: RunRecord, from: number | undefined, text: string): RetryFrom {
  if (text === '') return from === undefined ? {} : { from };
  if (from === undefined) throw itemsOfWhich();
  const done = doneOf(ended, from);
  const items = text === UNSUCCESSFUL ? unsuccessful(done) : readPositions(text, done.length);
  if (items.length === 0) throw noneFailed(ended, from);
  return { from, items };
}

/** Y4: other inputs are other items, so all of them are tried. */
export function requireKeptInputs(
  ended: RunRecord,
  { from, items }: RetryFrom,
  kept: ReadonlySet<number>,
): void {
  if (from === undefined || items === undefined) return;
  const { tasks } = ended.plan.graph;
  const anew = tasks[from]!.upstream.find((up) => !kept.has(up));
  if (anew === undefined) return;
  const message = `the items of ${tasks[from]!.id} build on ${tasks[anew]!.id}, which is run again too`;
  throw new FloeError('RUN_STATE_CONFLICT', message, {
    details: { run_id: ended.runId, task_id: tasks[from]!.id },
    hint: `Leave the items out: floe runs retry ${ended.runId} --from ${tasks[from]!.id}`,
  });
}

function doneOf({ plan, state, runId }: RunRecord, from: number): string {
  const { id, work } = plan.graph.tasks[from]!;
  const details = { run_id: runId, task_id: id };
  if (work.kind !== 'items' || work.source.from === 'partitions') {
    const isPartitioned = work.kind === 'items';
    const why = isPartitioned ? 'partitions, which make one dataset together' : 'no items';
    throw new FloeError('ARGUMENT_INVALID', `task ${id} has ${why}`, {
      details,
      hint: `Run all of it again: floe runs retry ${runId} --from ${id}`,
    });
  }
  const { items } = state.tasks[from]!;
  if (items !== undefined) return items.done;
  throw new FloeError('RUN_STATE_CONFLICT', `task ${id} of run ${runId} has tried no items`, {
    details,
    hint: `Run the whole task: floe runs retry ${runId} --from ${id}`,
  });
}

function unsuccessful(done: string): readonly number[] {
  return Array.from(done).flatMap((end, index) => (end === 's' ? [] : [index]));
}

/** Positions and ranges like `0-9,12`, ascending and each once. */
function readPositions(text: string, total: number): readonly number[] {
  if (text.length > TEXT_LENGTH_MAX) throw unreadable(text.slice(0, 40));
  const chosen = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^ *(\d{1,9})(?:-(\d{1,9}))? *$/.exec(part) ?? [];
    if (first === undefined) throw unreadable(part);
    const [from, to] = [Number(first), Number(last)];
    if (from > to) throw unreadable(part);
    if (to >= Math.min(total, ITEMS_MAX)) throw outside(to, total);
    for (let index = from; index <= to; index += 1) chosen.add(index);
  }
  return [...chosen].toSorted((a, b) => a - b);
}

function itemsOfWhich(): FloeError {
  return new FloeError('ARGUMENT_INVALID', 'items are named without the task that they are of', {
    details: { field: 'from_task_id' },
    hint: 'Name the task too: floe runs retry RUN TASK --item 3',
  });
}

function unreadable(part: string): FloeError {
  const shown = JSON.stringify(part.slice(0, 40));
  return new FloeError('ARGUMENT_INVALID', `items: ${shown} names no items`, {
    details: { field: 'items' },
    hint: 'Items are counted from 0. Give positions and ranges, like 3,7-9, or: failed',
  });
}

function outside(index: number, total: number): FloeError {
  return new FloeError(
    'ARGUMENT_INVALID',
    `items: there is no item ${index}, only ${total} items`,
    {
      details: { field: 'items' },
      hint: `Items are counted from 0; the last is ${total - 1}.`,
    },
  );
}

function noneFailed({ plan, runId }: RunRecord, from: number): FloeError {
  const { id } = plan.graph.tasks[from]!;
  return new FloeError('RUN_STATE_CONFLICT', `every item of ${id} has succeeded in run ${runId}`, {
    details: { run_id: runId, task_id: id },
    hint: `Name the items to try again: floe runs retry ${runId} ${id} --item 3`,
  });
}
