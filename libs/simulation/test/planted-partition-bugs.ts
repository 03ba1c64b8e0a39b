/** Bugs about partitions and the lead that holds what they read. */
import type { Batch, ExchangeRequest } from '@floe/scheduling';
import { inTransactions, type PlantedBug } from './planting.ts';

function takenForDone(request: ExchangeRequest): ExchangeRequest {
  const finished = request.finished.map((one) => {
    const { outcome } = one.input;
    if (outcome.kind !== 'failed' || outcome.failure.code !== 'SNAPSHOT_GONE') return one;
    return { ...one, input: { ...one.input, outcome: { kind: 'succeeded', rows: 1 } as const } };
  });
  return { ...request, finished };
}

/** What was done under a lead that is gone stays done under the next one. */
function rememberingParts(): PlantedBug['seams'] {
  const done = new Map<string, string>();
  const remember = (batch: Batch): Batch => {
    const runs = batch.runs.map(({ record, ...rest }) => {
      const tasks = record.state.tasks.map((task, index) => {
        const { items } = task;
        if (items?.handout === undefined) return task;
        const key = `${record.runId}/${index}`;
        const before = done.get(key);
        const isNew = items.succeeded === 0 && items.live.length <= 1 && before !== undefined;
        if (!isNew) {
          done.set(key, items.done);
          return task;
        }
        done.delete(key);
        const isOpen = (chunk: { readonly items: string }) => before[Number(chunk.items)] === '.';
        const waiting = items.waiting.filter(isOpen);
        const succeeded = before.split('s').length - 1;
        return { ...task, rows: succeeded, items: { ...items, done: before, succeeded, waiting } };
      });
      return { ...rest, record: { ...record, state: { ...record.state, tasks } } };
    });
    return { ...batch, runs };
  };
  return { store: inTransactions((tx) => ({ write: (batch) => tx.write(remember(batch)) })) };
}

export const PARTITION_BUGS: readonly PlantedBug[] = [
  {
    name: 'a partition that does not find its snapshot counts as done',
    seenBy: 'one-snapshot',
    seams: { exchange: takenForDone },
  },
  {
    name: 'partitions that are done stay done when their lead is gone',
    seenBy: 'one-snapshot',
    seams: rememberingParts(),
  },
];
