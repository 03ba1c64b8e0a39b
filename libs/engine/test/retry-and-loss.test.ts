import { expect, test } from 'vitest';
import { LOSSES_MAX, wakeAt } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const ONE = { only: [] };

test('waits for the delay of the policy, growing with each failure (R1)', () => {
  const run = new RunDriver(aGraph(ONE, { retriesMax: 2 })).start().claim('only').fail('only');
  expect(run.task('only')).toMatchObject({ status: 'retrying', nextAttemptAt: 1_000 });
  expect(wakeAt(run.state)).toBe(1_000);
  run.wakeAfter(1_000).claim('only').fail('only');
  expect(run.task('only').nextAttemptAt).toBe(3_000);
});

test('takes off a random part of the delay (R1)', () => {
  const run = new RunDriver(aGraph(ONE, { retriesMax: 1, retryJitter: 0.5 })).start().claim('only');
  run.random = 0.5;
  expect(run.fail('only').task('only').nextAttemptAt).toBe(750);
});

test('fails at once when the error cannot pass by itself (R2)', () => {
  const run = new RunDriver(aGraph(ONE, { retriesMax: 5 }))
    .start()
    .claim('only')
    .fail('only', false);
  expect(run.state.status).toBe('failed');
});

test('fails when the retries are used up (R3)', () => {
  const run = new RunDriver(aGraph(ONE, { retriesMax: 1 })).start().claim('only').fail('only');
  run.wakeAfter(1_000).claim('only').fail('only');
  expect(run.task('only')).toMatchObject({ status: 'failed', attempts: 2 });
});

test('retries a timed out attempt like a failed one (R1)', () => {
  const failure = { code: 'ATTEMPT_TIMEOUT', message: 'too long' };
  const run = new RunDriver(aGraph(ONE, { retriesMax: 1 })).start().claim('only');
  expect(run.finish('only', { kind: 'timed_out', failure }).task('only').status).toBe('retrying');
  run.wakeAfter(1_000).claim('only').finish('only', { kind: 'timed_out', failure });
  expect(run.task('only').status).toBe('timed_out');
});

test('tries a lost attempt again without using up retries (L2)', () => {
  const run = new RunDriver(aGraph(ONE)).start().claim('only').lose('only');
  expect(run.task('only').status).toBe('retrying');
  run.wakeAfter(1_000).claim('only').finish('only');
  expect(run.state.status).toBe('succeeded');
});

test('gives up a task that loses every worker it gets (L3)', () => {
  const run = new RunDriver(aGraph(ONE)).start();
  for (let loss = 0; loss <= LOSSES_MAX; loss += 1)
    run.claim('only').lose('only').wakeAfter(10_000);
  expect(run.state.status).toBe('failed');
  expect(run.task('only').attempts).toBe(LOSSES_MAX + 1);
});

test('hands an attempt back without a charge (H1)', () => {
  const run = new RunDriver(aGraph(ONE))
    .start()
    .claim('only')
    .finish('only', { kind: 'handed_back' });
  expect(run.task('only')).toMatchObject({ status: 'ready', attempts: 0, epoch: 2 });
});

test.each([
  [['QUERY_FAILED'], 'retrying'],
  [['CONNECTION_FAILED'], 'failed'],
  [['invalid'], 'retrying'],
  [['unavailable', 'deadline'], 'failed'],
])('retries only the errors that the policy names: %s (R4)', (retryOn, expected) => {
  const run = new RunDriver(aGraph(ONE, { retriesMax: 1, retryOn }))
    .start()
    .claim('only')
    .fail('only');
  expect(run.task('only').status).toBe(expected);
});
