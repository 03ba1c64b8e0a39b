import { assert } from '@floe/errors';
import type { RunGraph } from './graph.ts';
import type { ItemsState } from './items/items-state.ts';
import { isPartitioned } from './items/item-source.ts';
import { formatRanges } from './items/ranges.ts';
import { type RunState, type StoredTask } from './state.ts';
import { newRun, reviveRunState, UNTOUCHED, type NewRunOptions } from './new-run-state.ts';
import { isRunEnded } from './status.ts';

export type RetriedRun = {
  readonly state: RunState;
  /** Tasks whose results are kept: they are not run again. */
  readonly kept: readonly number[];
};

/**
 * Y3: the first state of a run that does again what an ended one did not do well, or everything from a named task on.
 * A result is kept when it was good and all results that it builds on are kept. Of items those that succeeded are kept.
 */
export function retriedRunState(
  graph: RunGraph,
  ended: RunState,
  options: NewRunOptions & { readonly from?: number },
): RetriedRun {
  assert(isRunEnded(ended.status), 'only a run that has ended is run again');
  const kept = keptTasks(graph, ended, options.from);
  const tasks = ended.tasks.map((task, index): StoredTask => {
    if (kept.has(index)) return keptResult(task);
    // Of partitions none is kept: what those of another run read may have changed since.
    const again = index === options.from || isPartitioned(graph, index) ? undefined : task.items;
    return again === undefined ? UNTOUCHED : { ...UNTOUCHED, items: itemsAgain(again) };
  });
  return { state: reviveRunState(graph, newRun(options), tasks), kept: [...kept] };
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

/** All that did not succeed waits to be tried, in one chunk for each that was handed out together. */
function itemsAgain(items: ItemsState): ItemsState {
  const open = items.done.split('').flatMap((one, index) => (one === 's' ? [] : [index]));
  const chunks = Array.from({ length: Math.ceil(open.length / AGAIN_CHUNK) }, (_, at) => ({
    items: formatRanges(open.slice(at * AGAIN_CHUNK, (at + 1) * AGAIN_CHUNK)),
    failures: 0,
    losses: 0,
  }));
  return {
    ...items,
    next: items.total,
    done: items.done.replaceAll('f', '.'),
    failed: 0,
    failures: [],
    offer: undefined,
    live: [],
    waiting: chunks,
  };
}

// What failed before is tried in smaller parts, so that one bad item holds up few others.
const AGAIN_CHUNK = 20;
