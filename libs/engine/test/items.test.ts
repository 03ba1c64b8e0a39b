import { expect, test } from 'vitest';
import {
  ITEMS_MAX,
  LOSSES_MAX,
  type ItemSource,
  type Outcome,
  type TaskPolicy,
} from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

type Options = Partial<TaskPolicy> & { chunk?: number; parallel?: number; source?: ItemSource };

function anItemsRun(count: number, options: Options = {}, parameters = {}): RunDriver {
  const { chunk = 10, parallel = 3, source = { from: 'list', count }, ...policy } = options;
  const each = { work: { kind: 'items' as const, source, chunk, parallel } };
  return new RunDriver(aGraph({ each: [], next: ['each'] }, policy, { each }), parameters).start();
}

const failure = { code: 'QUERY_FAILED', message: 'no such airport' };
const someFailed = (indexes: number[], retryable = true): Outcome => ({
  kind: 'succeeded',
  failedItems: indexes.map((index) => ({ index, failure, retryable })),
});
const items = (run: RunDriver) => run.task('each').items!;
const liveItems = (run: RunDriver) =>
  items(run).live.map((chunk) => `${chunk.epoch}:${chunk.items}`);

test('is one task whose items are tried in chunks, several at once (J1, J4)', () => {
  const run = anItemsRun(35);
  expect(run.dispatched()).toEqual(['each']);
  run.claim('each').claim('each');
  expect(liveItems(run)).toEqual(['1:0-9', '2:10-19']);
  expect(run.task('each')).toMatchObject({ status: 'running', epoch: 3, attempts: 2 });
});

test('offers no more than may run at once (J4)', () => {
  const run = anItemsRun(100).claim('each').claim('each').claim('each');
  expect(run.dispatched()).toEqual([]);
  expect(run.claim('each').refusal).toBe('not_ready');
  expect(run.finish('each', undefined, 2).dispatched()).toEqual(['each']);
  expect(run.claim('each').refusal).toBeUndefined();
  expect(liveItems(run)).toEqual(['1:0-9', '3:20-29', '4:30-39']);
});

test('succeeds when each item has succeeded, with the rows of all (J2)', () => {
  const run = anItemsRun(20).claim('each').claim('each');
  run.finish('each', { kind: 'succeeded', rows: 5 }, 2);
  run.finish('each', { kind: 'succeeded', rows: 7 }, 1);
  expect(run.task('each')).toMatchObject({ status: 'succeeded', rows: 12 });
  expect(run.statuses()).toBe('each:succeeded next:ready');
});

test('tries again only the items that failed (J2, R1)', () => {
  const run = anItemsRun(10, { retriesMax: 1 })
    .claim('each')
    .finish('each', someFailed([3, 4, 8]), 1);
  expect(run.task('each').status).toBe('running');
  expect(items(run)).toMatchObject({ succeeded: 7, failed: 0 });
  expect(run.wakeAfter(1_000).dispatched()).toEqual(['each']);
  expect(run.claim('each').told('attempt_claimed')).toEqual([
    { task: 0, epoch: 2, items: '3-4,8' },
  ]);
  run.finish('each', someFailed([8]), 2);
  expect(run.task('each')).toMatchObject({
    status: 'failed',
    failure: { code: 'ITEMS_FAILED', details: { failed: '1', total: '10' } },
  });
  expect(items(run)).toMatchObject({ done: 'ssssssssfs', failures: [{ index: 8, failure }] });
});

test('does not try again an item that cannot succeed (R2)', () => {
  const run = anItemsRun(2, { retriesMax: 5 })
    .claim('each')
    .finish('each', someFailed([0], false), 1);
  expect(run.task('each').status).toBe('failed');
});

test('counts an item that failed once, however often its executor says so (J2)', () => {
  const run = anItemsRun(10)
    .claim('each')
    .finish('each', someFailed([3, 3, 4, 3]), 1);
  expect(items(run)).toMatchObject({ succeeded: 8, failed: 2 });
  expect(items(run).failures.map(({ index }) => index)).toEqual([3, 4]);
});

test('refuses the end of a chunk that has been replaced, and of one that was never claimed (F1)', () => {
  const run = anItemsRun(30).claim('each').lose('each', 1);
  expect(run.finish('each', undefined, 1).refusal).toBe('stale_epoch');
  expect(run.finish('each').refusal).toBe('not_running');
});

test('halves a chunk that is lost, until the item that kills its worker stands alone (J3, L3)', () => {
  const run = anItemsRun(4, { chunk: 4 });
  for (let round = 0; round < 40 && run.task('each').status !== 'failed'; round += 1) {
    run.wakeAfter(5_000).claim('each');
    for (const chunk of items(run).live) {
      if (chunk.items.split(/[-,]/).some((at) => at === '2') || chunk.items === '0-3')
        run.lose('each', chunk.epoch);
      else run.finish('each', undefined, chunk.epoch);
    }
  }
  expect(items(run)).toMatchObject({ done: 'ssfs', failed: 1 });
  expect(run.task('each').losses).toBe(LOSSES_MAX + 1);
});

test('hands a chunk back without a charge (H1)', () => {
  const run = anItemsRun(10).claim('each').finish('each', { kind: 'handed_back' }, 1);
  expect(run.task('each')).toMatchObject({ attempts: 0, epoch: 2 });
  expect(run.claim('each').told('attempt_claimed')).toEqual([{ task: 0, epoch: 2, items: '0-9' }]);
});

test('ends a chunk by the timeout of an attempt, and not the others (W1)', () => {
  const run = anItemsRun(20, { timeoutMs: 30_000 }).claim('each');
  run.now = 20_000;
  run.claim('each').wakeAfter(20_000);
  expect(run.told('stop_attempt')).toEqual([{ task: 0, epoch: 1 }]);
  expect(liveItems(run)).toEqual(['2:10-19']);
  expect(items(run).failed).toBe(10);
});

test('stops all chunks of a cancelled run, and ends when each has stopped (X2)', () => {
  const run = anItemsRun(50).claim('each').claim('each').feed({ type: 'cancel', reason: '' });
  expect(run.told('stop_attempt')).toHaveLength(2);
  run.finish('each', { kind: 'cancelled' }, 1);
  expect(run.state.status).toBe('cancelling');
  expect(run.finish('each', { kind: 'cancelled' }, 2).state.status).toBe('cancelled');
});

test('offers nothing while it is paused, and goes on after (P2, P3)', () => {
  const run = anItemsRun(30).claim('each').feed({ type: 'pause' });
  expect(run.claim('each').refusal).toBe('paused');
  run.finish('each', undefined, 1);
  expect(run.feed({ type: 'resume' }).dispatched()).toEqual(['each']);
  expect(run.claim('each').refusal).toBeUndefined();
});

test('takes its items from the list that a parameter holds (J1)', () => {
  const source: ItemSource = { from: 'parameter', name: 'airports' };
  const airports = { kind: 'string', value: '["OSL", "BGO", "TRD"]' };
  expect(items(anItemsRun(0, { source }, { airports })).total).toBe(3);
  const wrong = anItemsRun(0, { source }, { airports: { kind: 'string', value: 'OSL' } });
  expect(wrong.task('each')).toMatchObject({
    status: 'failed',
    failure: { code: 'ITEMS_INVALID' },
  });
});

test('takes its items from the rows of the task before it (J1)', () => {
  const source: ItemSource = { from: 'rows', task: 0 };
  const each = { work: { kind: 'items' as const, source, chunk: 5, parallel: 1 } };
  const run = new RunDriver(aGraph({ read: [], each: ['read'] }, {}, { each })).start();
  run.claim('read').finish('read', { kind: 'succeeded', rows: 12 });
  expect(items(run).total).toBe(12);
});

test('has succeeded when there are no items, and refuses too many (J1)', () => {
  expect(anItemsRun(0).statuses()).toBe('each:succeeded next:ready');
  expect(anItemsRun(ITEMS_MAX + 1).task('each').failure?.code).toBe('ITEMS_INVALID');
});

test('goes through 10,000 items in 200 decisions', () => {
  const run = anItemsRun(10_000, { chunk: 100, parallel: 64 });
  let decisions = 0;
  while (run.task('each').status !== 'succeeded') {
    run.claim('each').finish('each', undefined, items(run).live[0]!.epoch);
    decisions += 2;
  }
  expect(decisions).toBe(200);
});
