import { LOSSES_MAX, parseRanges, type Chunk, type ItemsState } from '@floe/engine';
import type { RunRecord } from '@floe/scheduling';
import { documentsOf } from '../scenario/documents.ts';
import type { Fail, MakeChecker } from './checker.ts';

// Each loss halves the items of an attempt: of so many, the last loss is of one alone.
const HALVED_TO_ONE_MAX = 2 ** LOSSES_MAX;

/** Each item is in one place, ends once, and only as its own work did; no more attempts at once than the document says. */
export const itemsOnce: MakeChecker = ({ scenario, tables, itemsDone }) => {
  const documents = documentsOf(scenario);
  /** Items that an accepted attempt really did, by task of a run. */
  const proven = new Map<string, Set<number>>();

  function prove(runId: string, task: number, epoch: number): void {
    const taskId = tables.runs.get(runId)!.plan.graph.tasks[task]!.id;
    const known = proven.get(`${runId}/${task}`) ?? new Set();
    proven.set(`${runId}/${task}`, known);
    for (const item of itemsDone.get(`${runId}/${taskId}/${epoch}`) ?? []) known.add(item);
  }

  /** What is kept of another run was done in that; items that are tried again have to be done again. */
  function inherit({ runId, retryOf, state }: RunRecord): void {
    for (const [task, { items }] of state.tasks.entries()) {
      const before = proven.get(`${retryOf}/${task}`) ?? new Set();
      const kept = [...before].filter((item) => items?.done[item] === 's');
      proven.set(`${runId}/${task}`, new Set(kept));
    }
  }

  function compare(record: RunRecord, task: number, was: ItemsState | undefined, fail: Fail): void {
    const { items, rows = 0, hasUncountedRows = false } = record.state.tasks[task]!;
    const { foreach, retries } = documents.task(record.workflowName, task);
    if (items === undefined || foreach === undefined) return;
    const where = `${record.runId}/${task}`;
    if (items.live.length > foreach.parallel)
      fail(`${items.live.length} attempts of ${where} run at once, not ${foreach.parallel}`);
    checkPlaces(items, (message) => fail(`${where}: ${message}`));
    for (const { failures, losses, items: ranges } of [...items.live, ...items.waiting]) {
      if (failures > retries.max) fail(`items ${ranges} of ${where} failed ${failures} times`);
      if (losses > LOSSES_MAX) fail(`items ${ranges} of ${where} were lost ${losses} times`);
    }
    for (const [item, end] of items.done.split('').entries()) {
      if (end === '.' && was?.done[item] === undefined) continue;
      const before = was?.done[item] ?? '.';
      if (before !== '.' && before !== end) fail(`item ${item} of ${where} ended twice`);
      if (end === 's' && proven.get(where)?.has(item) !== true)
        fail(`item ${item} of ${where} counts as done, and nobody did it`);
    }
    if (hasUncountedRows ? rows > items.succeeded : rows !== items.succeeded)
      fail(`${where} counts ${rows} rows of ${items.succeeded} items`);
  }

  return {
    name: 'items-once',
    promise: 'each item counts once, as its own work ended, and no more run at once than may',
    onCommit({ before, batch }, fail) {
      for (const { runId, task, epoch, state } of batch.ends)
        if (state === 'succeeded') prove(runId, task, epoch);
      for (const { record, tasks } of batch.runs) {
        if (record.retryOf !== undefined && !before.has(record.runId)) inherit(record);
        for (const task of tasks) {
          const was = before.get(record.runId)?.state.tasks[task]?.items;
          compare(record, task, was, fail);
          for (const chunk of was?.live ?? []) checkHalving(record, task, chunk, fail);
        }
      }
    },
  };
};

/** Not handed out, offered, running, waiting or done: one of these, and none twice. */
function checkPlaces(items: ItemsState, fail: Fail): void {
  const { next, total, done, offer, live, waiting } = items;
  const places = Array.from({ length: total }, (_, item) => {
    return Number(item >= next) + Number(done[item] !== '.');
  });
  const chunks = [...live, ...waiting, ...(offer === undefined ? [] : [offer])];
  for (const chunk of chunks) for (const item of parseRanges(chunk.items)) places[item]! += 1;
  const wrong = places.findIndex((count) => count !== 1);
  if (wrong >= 0) fail(`item ${wrong} is in ${places[wrong]} places`);
  const count = (end: string) => done.split(end).length - 1;
  if (count('s') !== items.succeeded || count('f') !== items.failed)
    fail(`${items.succeeded} and ${items.failed} items counted of ${done}`);
}

/** An item that kills whoever works on it takes no other with it. */
function checkHalving(record: RunRecord, task: number, chunk: Chunk, fail: Fail): void {
  const { items } = record.state.tasks[task]!;
  const indexes = parseRanges(chunk.items);
  if (items === undefined || items.total > HALVED_TO_ONE_MAX || indexes.length === 1) return;
  const isLost = (item: number) =>
    items.failures.some(({ index, failure }) => index === item && isLoss(failure.code));
  if (chunk.losses >= LOSSES_MAX && indexes.every(isLost))
    fail(`items ${chunk.items} of ${record.runId}/${task} were given up together`);
}

function isLoss(code: string): boolean {
  return code === 'ATTEMPT_LOST' || code === 'WORKER_CRASHED';
}
