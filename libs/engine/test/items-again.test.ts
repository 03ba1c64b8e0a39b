import { expect, test } from 'vitest';
import { retriedRunState, type ItemSource, type Outcome, type RetryFrom } from '../src/index.ts';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const failure = { code: 'QUERY_FAILED', message: 'no such airport' };

const someFailed = (indexes: number[], rows = 0): Outcome => ({
  kind: 'succeeded',
  rows,
  failedItems: indexes.map((index) => ({ index, failure, retryable: false })),
});

/** `read`, then `each` with thirty items in three chunks, then `next`. */
function aRun(source: ItemSource = { from: 'list', count: 30 }): RunDriver {
  const each = { work: { kind: 'items' as const, source, chunk: 10, parallel: 3 } };
  return new RunDriver(aGraph({ read: [], each: ['read'], next: ['each'] }, {}, { each }))
    .start()
    .claim('read')
    .finish('read', { kind: 'succeeded', rows: 30 })
    .claim('each')
    .claim('each')
    .claim('each');
}

/** Of its items 1 and 2 have failed, and 20 to 29 with their attempt. */
function endedRun(source?: ItemSource): RunDriver {
  const run = aRun(source);
  run.finish('each', someFailed([1, 2], 8), 1).finish('each', { kind: 'succeeded', rows: 10 }, 2);
  return run.finish('each', { kind: 'failed', failure, retryable: false }, 3);
}

function again(ended: RunDriver, retry: RetryFrom = {}): RunDriver {
  const options = { now: 0, timeoutMs: RUN_TIMEOUT_MS, ...retry };
  const run = new RunDriver(ended.graph);
  run.state = retriedRunState(ended.graph, ended.state, options).state;
  return run.start();
}

const claimed = (run: RunDriver) => run.claim('each').told('attempt_claimed');
const itemsOf = (run: RunDriver) => run.task('each').items!;
const EACH = 1;

test('tries only the items that did not succeed, and has the rows of the others (Y3)', () => {
  const run = again(endedRun());
  expect(claimed(run)).toEqual([{ task: EACH, epoch: 1, items: '1-2,20-29' }]);
  run.finish('each', { kind: 'succeeded', rows: 12 }, 1);
  expect(run.task('each')).toMatchObject({ status: 'succeeded', rows: 30 });
});

test.each(['rows', 'list'] as const)('keeps no item where an input is another: %s (Y3)', (from) => {
  const source = from === 'rows' ? { from, task: 0 } : { from, count: 30 };
  const run = again(endedRun(source), { from: 0 });
  run.claim('read').finish('read', { kind: 'succeeded', rows: 30 });
  expect(itemsOf(run).done).toBe('.'.repeat(30));
  expect(claimed(run)).toEqual([{ task: EACH, epoch: 1, items: '0-9' }]);
});

test('tries one item that is named, and leaves the others as they ended (Y4)', () => {
  const run = again(endedRun(), { from: EACH, items: [2] });
  expect(run.task('read')).toMatchObject({ status: 'succeeded', isReused: true });
  expect(itemsOf(run)).toMatchObject({ succeeded: 18, failed: 11 });
  expect(claimed(run)).toEqual([{ task: EACH, epoch: 1, items: '2' }]);
  run.finish('each', { kind: 'succeeded', rows: 1 }, 1);
  expect(run.task('each')).toMatchObject({ status: 'failed', rows: 19 });
  expect(run.task('each').failure?.message).toContain('11 of 30 items failed');
  expect(itemsOf(run).failures.map(({ index }) => index)).not.toContain(2);
});

test('goes on with what follows when all that is named was all that was wrong (Y4)', () => {
  const ended = aRun();
  ended.finish('each', someFailed([7], 9), 1).finish('each', undefined, 2);
  ended.finish('each', undefined, 3);
  expect(ended.state.status).toBe('failed');
  const run = again(ended, { from: EACH, items: [7] });
  expect(run.claim('each').finish('each', undefined, 1).dispatched()).toEqual(['next']);
});

test('tries a good item again that is named, and counts no rows that it does not know (Y4)', () => {
  const ended = aRun().finish('each', { kind: 'succeeded', rows: 10 }, 1);
  ended.finish('each', { kind: 'succeeded', rows: 10 }, 2);
  ended.finish('each', { kind: 'succeeded', rows: 10 }, 3).do('next');
  expect(ended.state.status).toBe('succeeded');
  const run = again(ended, { from: EACH, items: [29, 0, 5] });
  expect(claimed(run)).toEqual([{ task: EACH, epoch: 1, items: '0,5,29' }]);
  run.finish('each', { kind: 'succeeded', rows: 3 }, 1);
  expect(run.task('each')).toMatchObject({ status: 'succeeded', hasUncountedRows: true });
  expect(run.dispatched()).toEqual(['next']);
  // So it stays, however often it is run again.
  run.do('next', 'failed');
  const twice = again(run, { from: EACH, items: [1] }).claim('each');
  twice.finish('each', { kind: 'succeeded', rows: 1, failedItems: [] }, 1);
  expect(twice.task('each')).toMatchObject({ status: 'succeeded', hasUncountedRows: true });
  const failed = again(run, { from: EACH, items: [1] }).claim('each');
  failed.finish('each', someFailed([1]), 1);
  expect(again(failed).task('each').hasUncountedRows).toBe(true);
});

test('says of an item that was never done and is not named that it was left out (Y4)', () => {
  const ended = aRun().finish('each', undefined, 1).feed({ type: 'cancel', reason: '' });
  ended.finish('each', { kind: 'cancelled' }, 2).finish('each', { kind: 'cancelled' }, 3);
  expect(ended.state.status).toBe('cancelled');
  const run = again(ended, { from: EACH, items: [12] })
    .claim('each')
    .finish('each', undefined, 1);
  expect(itemsOf(run)).toMatchObject({ succeeded: 11, failed: 19 });
  expect(run.task('each').failure?.message).toContain('the retry is of other items');
});
