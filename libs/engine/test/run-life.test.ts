import { expect, test } from 'vitest';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const DIAMOND = { source: [], left: ['source'], right: ['source'], join: ['left', 'right'] };

test('makes ready what waits for nothing, and nothing else (S1)', () => {
  const run = new RunDriver(aGraph(DIAMOND)).start();
  expect(run.statuses()).toBe('source:ready left:pending right:pending join:pending');
  expect(run.dispatched()).toEqual(['source']);
});

test('starts a join only when the last of its upstream tasks has succeeded (S1)', () => {
  const run = new RunDriver(aGraph(DIAMOND)).start().claim('source').finish('source');
  expect(run.dispatched()).toEqual(['left', 'right']);
  run.claim('left').claim('right').finish('right');
  expect(run.task('join').status).toBe('pending');
  run.finish('left');
  expect(run.dispatched()).toEqual(['join']);
});

test('succeeds when every task has succeeded (E2)', () => {
  const run = new RunDriver(aGraph({ only: [] })).start().claim('only').finish('only');
  expect(run.state.status).toBe('succeeded');
  expect(run.commands.at(-1)).toEqual({ type: 'run_event', event: 'succeeded' });
});

test('succeeds at once when it has no tasks (E2)', () => {
  expect(new RunDriver(aGraph({})).start().state.status).toBe('succeeded');
});

test('refuses every input once it has ended (E1)', () => {
  const run = new RunDriver(aGraph({ only: [] })).start().claim('only').finish('only');
  const before = run.state;
  for (const input of [
    { type: 'wake' },
    { type: 'start' },
    { type: 'cancel', reason: '' },
  ] as const) {
    expect(run.feed(input).refusal).toBe('run_ended');
  }
  expect(run.finish('only').refusal).toBe('run_ended');
  expect(run.state).toBe(before);
});

test('accepts one claim of an epoch and refuses the second (C1)', () => {
  const run = new RunDriver(aGraph({ only: [] })).start().claim('only');
  expect(run.refusal).toBeUndefined();
  expect(run.claim('only').refusal).toBe('not_ready');
});

test('refuses the outcome of an attempt that has been replaced (F1)', () => {
  const run = new RunDriver(aGraph({ only: [] }))
    .start()
    .claim('only')
    .lose('only')
    .wakeAfter(1_000);
  expect(run.task('only').epoch).toBe(2);
  expect(run.claim('only').finish('only', { kind: 'succeeded' }, 1).refusal).toBe('stale_epoch');
  expect(run.finish('only').state.status).toBe('succeeded');
});

test('fails what needs a failed task, all the way down, and leaves the rest running (U1)', () => {
  const graph = aGraph({ bad: [], next: ['bad'], last: ['next'], other: [] });
  const run = new RunDriver(graph).start().claim('bad').fail('bad');
  expect(run.statuses()).toBe('bad:failed next:upstream_failed last:upstream_failed other:ready');
  expect(run.state.status).toBe('running');
  run.claim('other').finish('other');
  expect(run.state.status).toBe('failed');
  expect(run.state.failure).toMatchObject({ code: 'QUERY_FAILED', taskId: 'bad' });
});

test('ends a task that nobody claims in time (W1)', () => {
  const run = new RunDriver(aGraph({ only: [] }, { queueTimeoutMs: 5_000 }))
    .start()
    .wakeAfter(4_999);
  expect(run.task('only').status).toBe('ready');
  run.wakeAfter(1);
  expect(run.task('only')).toMatchObject({
    status: 'timed_out',
    failure: { code: 'QUEUE_TIMEOUT' },
  });
  expect(run.state.status).toBe('failed');
});

test('stops an attempt whose executor did not enforce the timeout (W1)', () => {
  const run = new RunDriver(aGraph({ only: [] }, { timeoutMs: 1_000 }))
    .start()
    .claim('only')
    .wakeAfter(11_000);
  expect(run.commands.map((command) => command.type)).toContain('stop_attempt');
  expect(run.task('only')).toMatchObject({
    status: 'timed_out',
    failure: { code: 'ATTEMPT_TIMEOUT' },
  });
});

test('ends as timed_out when the run takes longer than its timeout (W1)', () => {
  const graph = aGraph({ slow: [], next: ['slow'] }, { timeoutMs: 2 * RUN_TIMEOUT_MS });
  const run = new RunDriver(graph).start().claim('slow').wakeAfter(RUN_TIMEOUT_MS);
  expect(run.state.status).toBe('cancelling');
  expect(run.finish('slow', { kind: 'cancelled' }).state.status).toBe('timed_out');
  expect(run.state.failure?.code).toBe('RUN_TIMEOUT');
});
