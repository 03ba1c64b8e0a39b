// Partitions of one dataset, with a lead that holds what they share and without one.
import { expect, test } from 'vitest';
import { LOSSES_MAX, retriedRunState, type Failure, type TaskPolicy } from '../src/index.ts';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const COUNT = 3;

function aRun(policy: Partial<TaskPolicy> = {}, isLed = true): RunDriver {
  const source = { from: 'partitions' as const, count: COUNT, isLed };
  const read = { work: { kind: 'items' as const, source, chunk: 1, parallel: COUNT + 1 } };
  return new RunDriver(aGraph({ read: [], next: ['read'] }, policy, { read })).start();
}

/** The lead has handed out, and every partition is claimed: epoch 1 is the lead, 2 to 4 are partitions. */
function aFullRun(policy: Partial<TaskPolicy> = {}): RunDriver {
  const run = aRun(policy).claim('read');
  run.feed({ type: 'hand_out', task: 0, epoch: 1, handout: '{"snapshot":"1-1"}' });
  return run.claim('read').claim('read').claim('read');
}

const live = (run: RunDriver) =>
  run.task('read').items!.live.map(({ epoch, items }) => `${epoch}:${items}`);

const gone: Failure = { code: 'SNAPSHOT_GONE', message: 'the snapshot is gone' };

test('nothing but the lead is offered before it has handed out what they share (N1)', () => {
  const run = aRun().claim('read');
  expect(live(run)).toEqual(['1:']);
  expect(run.dispatched()).toEqual([]);
  expect(run.claim('read').refusal).toBe('not_ready');
  run.feed({ type: 'hand_out', task: 0, epoch: 1, handout: '{}' });
  expect(run.dispatched()).toEqual(['read']);
  run.claim('read').claim('read').claim('read');
  expect(live(run)).toEqual(['1:', '2:0', '3:1', '4:2']);
});

test('only the lead hands out, and once', () => {
  const run = aFullRun();
  expect(run.feed({ type: 'hand_out', task: 0, epoch: 2, handout: '{}' }).refusal).toBe(
    'not_running',
  );
  expect(run.feed({ type: 'hand_out', task: 0, epoch: 1, handout: '{}' }).refusal).toBe(
    'not_running',
  );
  expect(run.task('read').items!.handout).toBe('{"snapshot":"1-1"}');
});

test('when all have succeeded the lead is ended with them (N4)', () => {
  const run = aFullRun();
  run.finish('read', { kind: 'succeeded', rows: 5 }, 2);
  run.finish('read', { kind: 'succeeded', rows: 7 }, 4);
  run.finish('read', { kind: 'succeeded', rows: 1 }, 3);
  expect(run.task('read')).toMatchObject({ status: 'succeeded', rows: 13 });
  expect(run.told('stop_attempt')).toEqual([{ task: 0, epoch: 1 }]);
  expect(run.told('attempt_ended')).toContainEqual({ task: 0, epoch: 1, end: 'succeeded' });
  expect(run.task('next').status).toBe('ready');
});

test('of a partition that is lost or fails only that one is tried again', () => {
  const run = aFullRun({ retriesMax: 1 });
  run.finish('read', { kind: 'succeeded', rows: 5 }, 2);
  run.lose('read', 3);
  const failure = { code: 'QUERY_FAILED', message: 'cut off' };
  run.finish('read', { kind: 'failed', failure, retryable: true }, 4);
  expect(run.task('read').items).toMatchObject({ done: 's..', succeeded: 1 });
  run.wakeAfter(1_000).claim('read').claim('read');
  expect(live(run)).toEqual(['1:', '5:1', '6:2']);
  run.finish('read', { kind: 'succeeded', rows: 1 }, 5);
  run.finish('read', { kind: 'succeeded', rows: 1 }, 6);
  expect(run.task('read')).toMatchObject({ status: 'succeeded', rows: 7 });
});

test('when the lead is lost everything begins again under another one (N2)', () => {
  const run = aFullRun();
  run.finish('read', { kind: 'succeeded', rows: 5 }, 2);
  run.lose('read', 1);
  expect(run.told('stop_attempt')).toEqual([
    { task: 0, epoch: 3 },
    { task: 0, epoch: 4 },
  ]);
  expect(run.finish('read', { kind: 'succeeded', rows: 9 }, 3).refusal).toBe('stale_epoch');
  run.wakeAfter(1_000).claim('read');
  expect(live(run)).toEqual(['5:']);
  run.feed({ type: 'hand_out', task: 0, epoch: 5, handout: '{"snapshot":"2-2"}' });
  for (const epoch of [6, 7, 8]) {
    run.claim('read').finish('read', { kind: 'succeeded', rows: 2 }, epoch);
  }
  expect(run.task('read')).toMatchObject({ status: 'succeeded', rows: 6 });
});

test('a partition that does not find what its lead holds says that the lead is gone (N2)', () => {
  const run = aFullRun();
  run.finish('read', { kind: 'failed', failure: gone, retryable: true }, 3);
  expect(run.told('stop_attempt')).toContainEqual({ task: 0, epoch: 1 });
  expect(run.task('read').items).toMatchObject({ live: [], waiting: [{ items: '', losses: 1 }] });
});

test('leads are lost a bounded number of times, and then the reason is told (N3)', () => {
  const run = aRun();
  for (let loss = 0; loss <= LOSSES_MAX; loss += 1) {
    expect(run.task('read').status).not.toBe('failed');
    run.wakeAfter(10_000).claim('read').lose('read');
  }
  expect(run.task('read')).toMatchObject({ status: 'failed', failure: { code: 'ATTEMPT_LOST' } });
});

test('a lead that fails is tried again as often as its task may be (N3)', () => {
  const run = aRun({ retriesMax: 1 }).claim('read').fail('read');
  expect(run.task('read').status).toBe('running');
  run.wakeAfter(1_000).claim('read').fail('read');
  expect(run.task('read')).toMatchObject({ status: 'failed', failure: { code: 'QUERY_FAILED' } });
});

test('a partition that has failed for good ends the others, with its own words (N5)', () => {
  const run = aFullRun();
  const failure = { code: 'QUERY_FAILED', message: 'division by zero' };
  run.finish('read', { kind: 'failed', failure, retryable: false }, 3);
  expect(run.task('read')).toMatchObject({ status: 'failed', failure });
  expect(run.told('stop_attempt')).toHaveLength(3);
  expect(run.task('next').status).toBe('upstream_failed');
});

test('a lead that runs out of time stops what ran under it, once (N2)', () => {
  const run = aFullRun({ timeoutMs: 30_000, retriesMax: 1 }).wakeAfter(40_000);
  expect(run.told('stop_attempt')).toHaveLength(COUNT + 1);
  expect(run.task('read').items).toMatchObject({ live: [], succeeded: 0 });
});

test('whoever claims gets a partition that it prefers, as long as nobody has tried it (N6)', () => {
  const run = aRun({}, false).feed({ type: 'claim', task: 0, epoch: 1, prefers: [2] });
  expect(live(run)).toEqual(['1:2']);
  run.feed({ type: 'claim', task: 0, epoch: 2, prefers: [2] });
  expect(live(run)).toEqual(['1:2', '2:1']);
  run.claim('read');
  expect(live(run)).toEqual(['1:2', '2:1', '3:0']);
});

test('a run that is tried again reads all partitions again, for others may have changed since', () => {
  const run = aFullRun().finish('read', { kind: 'succeeded', rows: 5 }, 2);
  run.finish('read', { kind: 'failed', failure: { code: 'X', message: '' }, retryable: false }, 3);
  const retry = retriedRunState(run.graph, run.state, { now: 0, timeoutMs: RUN_TIMEOUT_MS });
  expect(retry.state.tasks[0]!.items).toBeUndefined();
});

test('a cancel ends the lead as well', () => {
  const run = aFullRun().feed({ type: 'cancel', reason: 'enough' });
  expect(run.told('stop_attempt')).toHaveLength(COUNT + 1);
  for (const epoch of [1, 2, 3, 4]) run.finish('read', { kind: 'cancelled' }, epoch);
  expect(run.state.status).toBe('cancelled');
});

test('a pause leaves the snapshot open, and what waits is offered afterwards', () => {
  const run = aRun().claim('read').feed({ type: 'pause' });
  run.feed({ type: 'hand_out', task: 0, epoch: 1, handout: '{}' });
  expect(run.dispatched()).toEqual([]);
  expect(run.feed({ type: 'resume' }).dispatched()).toEqual(['read']);
});
