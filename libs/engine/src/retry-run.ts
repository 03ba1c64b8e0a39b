import { assert } from '@floe/errors';
import type { RunGraph } from './graph.ts';
import { isPartitioned } from './items/item-source.ts';
import { namedItemsAgain, openItemsAgain } from './items/items-again.ts';
import { type RunState, type StoredTask } from './state.ts';
import { newRun, reviveRunState, UNTOUCHED, type NewRunOptions } from './new-run-state.ts';
import { isRunEnded } from './status.ts';

export type RetriedRun = {
  readonly state: RunState;
  /** Tasks whose results are kept: they are not run again. */
  readonly kept: readonly number[];
};

/** What is done again besides all that did not end well: everything from a task on, or of its items only some. */
export type RetryFrom = { readonly from?: number; readonly items?: readonly number[] };

/**
 * Y3: the first state of a run that does again what an ended one did not do well, or everything from a named task on.
 * A result is kept when it was good and all results that it builds on are kept. Of items those that succeeded are kept,
 * under the same condition.
 */
export function retriedRunState(
  graph: RunGraph,
  ended: RunState,
  options: NewRunOptions & RetryFrom,
): RetriedRun {
  assert(isRunEnded(ended.status), 'only a run that has ended is run again');
  const kept = keptTasks(graph, ended, options.from);
  const tasks = ended.tasks.map((task, index): StoredTask => {
    if (kept.has(index)) return keptResult(task);
    // Of other inputs the same positions may be other items.
    if (!graph.tasks[index]!.upstream.every((up) => kept.has(up))) return UNTOUCHED;
    // Of partitions none is kept: what those of another run read may have changed since.
    if (isPartitioned(graph, index)) return UNTOUCHED;
    return index === options.from ? fromHere(task, options.items) : withOpenItems(task);
  });
  return { state: reviveRunState(graph, newRun(options), tasks), kept: [...kept] };
}

function withOpenItems({ items, rows, hasUncountedRows }: StoredTask): StoredTask {
  if (items === undefined) return UNTOUCHED;
  return { ...UNTOUCHED, rows, hasUncountedRows, items: openItemsAgain(items) };
}

/** Y4 */
function fromHere(task: StoredTask, named: RetryFrom['items']): StoredTask {
  const { items, rows, hasUncountedRows } = task;
  if (items === undefined || named === undefined) return UNTOUCHED;
  const again = { ...UNTOUCHED, items: namedItemsAgain(items, named) };
  // How many of the rows a good item had made is not known: those that are left are not counted.
  const isCounted = named.every((index) => items.done[index] !== 's');
  return isCounted ? { ...again, rows, hasUncountedRows } : { ...again, hasUncountedRows: true };
}

function keptTasks(graph: RunGraph, ended: RunState, from?: number): ReadonlySet<number> {
  const kept = new Set<number>();
  // Every task before its upstream tasks are judged would be judged wrongly: walk in the order of the data.
  for (const index of inOrder(graph)) {
    const { status } = ended.tasks[index]!;
    const isGood = status === 'succeeded' || status === 'skipped';
    const buildsOnKept = graph.tasks[index]!.upstream.every((up) => kept.has(up));
    if (isGood && buildsOnKept && index !== from) kept.add(index);
  }
  return kept;
}

function inOrder({ tasks }: RunGraph): readonly number[] {
  const waitingFor = tasks.map(({ upstream }) => upstream.length);
  const order = [...tasks.keys()].filter((index) => waitingFor[index] === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const next of tasks[order[at]!]!.downstream) {
      waitingFor[next]! -= 1;
      if (waitingFor[next] === 0) order.push(next);
    }
  }
  return order;
}

function keptResult(task: StoredTask): StoredTask {
  const { status, rows, hasUncountedRows, items, startedAt, endedAt } = task;
  const result = { status, rows, hasUncountedRows, items, startedAt, endedAt };
  return { ...UNTOUCHED, ...result, isReused: true };
}
