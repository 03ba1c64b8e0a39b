import { expect, test } from 'vitest';
import { LOSSES_MAX, TIMEOUT_GRACE_MS } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const ONE = { only: [] };
const IN_WORKER = { only: { lane: 'slot' } } as const;

test('takes an attempt away whose worker does not begin, as a loss (W4)', () => {
  const run = new RunDriver(aGraph(ONE, { startTimeoutMs: 5_000 }, IN_WORKER))
    .start()
    .claim('only');
  run.wakeAfter(5_000 + TIMEOUT_GRACE_MS);
  expect(run.told('stop_attempt')).toHaveLength(1);
  expect(run.task('only')).toMatchObject({
    status: 'retrying',
    losses: 1,
    failure: { code: 'START_TIMEOUT' },
  });
});

test('gives an attempt its whole time once its worker has begun (W4)', () => {
  const policy = { startTimeoutMs: 5_000, timeoutMs: 60_000 };
  const run = new RunDriver(aGraph(ONE, policy, IN_WORKER)).start().claim('only');
  run.now = 4_000;
  run.feed({ type: 'begin', task: 0, epoch: 1 });
  run.wakeAfter(60_000 + TIMEOUT_GRACE_MS - 1);
  expect(run.task('only').status).toBe('running');
  expect(run.wakeAfter(1).task('only')).toMatchObject({ status: 'timed_out', losses: 0 });
});

test('does not wait for the worker of a light task, which has none (W4)', () => {
  const policy = { startTimeoutMs: 5_000, timeoutMs: 60_000 };
  const run = new RunDriver(aGraph(ONE, policy)).start().claim('only');
  expect(run.wakeAfter(5_000 + TIMEOUT_GRACE_MS).task('only').status).toBe('running');
});

test.each(['ready', 'running', 'retrying'])('ends a %s task by its total timeout (W3)', (state) => {
  const policy = { totalTimeoutMs: 20_000, retriesMax: 9, retryDelayMs: 60_000 };
  const run = new RunDriver(aGraph(ONE, policy)).start();
  if (state !== 'ready') run.claim('only');
  if (state === 'retrying') run.fail('only');
  expect(run.task('only').status).toBe(state);
  run.wakeAfter(19_999);
  expect(run.task('only').status).toBe(state);
  expect(run.wakeAfter(1).task('only')).toMatchObject({
    status: 'timed_out',
    failure: { code: 'TASK_TIMEOUT' },
  });
  expect(run.state.status).toBe('failed');
});

test('counts the total timeout over all attempts, and losses stay bounded (W3, L3)', () => {
  const run = new RunDriver(aGraph(ONE, { totalTimeoutMs: 3_600_000 })).start();
  for (let loss = 0; loss <= LOSSES_MAX; loss += 1)
    run.claim('only').lose('only').wakeAfter(10_000);
  expect(run.task('only')).toMatchObject({ status: 'failed', totalDeadlineAt: 3_600_000 });
});
