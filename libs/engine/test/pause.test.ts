import { expect, test } from 'vitest';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const CHAIN = { a: [], b: ['a'], c: [] };

test('hands nothing out while it is paused; what runs goes on (P1, P2)', () => {
  const run = new RunDriver(aGraph(CHAIN)).start().claim('a').feed({ type: 'pause' });
  expect(run.state.status).toBe('paused');
  expect(run.claim('c').refusal).toBe('paused');
  run.finish('a');
  expect(run.statuses()).toBe('a:succeeded b:ready c:ready');
  expect(run.dispatched()).toEqual([]);
});

test('hands out what is ready when it is resumed, with the epoch that it has (P3)', () => {
  const run = new RunDriver(aGraph(CHAIN)).start().claim('a').feed({ type: 'pause' }).finish('a');
  run.feed({ type: 'resume' });
  expect(run.state.status).toBe('running');
  expect(run.told('dispatch')).toEqual([
    { task: 1, epoch: 1, number: 1 },
    { task: 2, epoch: 1, number: 1 },
  ]);
  expect(run.do('b').do('c').state.status).toBe('succeeded');
});

test('is queued again when nothing had begun (P3)', () => {
  const run = new RunDriver(aGraph({ a: [] })).start().feed({ type: 'pause' });
  expect(run.feed({ type: 'resume' }).state.status).toBe('queued');
});

test('stops the queue timer of a pause, and begins it anew after (P2, P3)', () => {
  const run = new RunDriver(aGraph({ a: [] }, { queueTimeoutMs: 5_000 })).start();
  run.feed({ type: 'pause' }).wakeAfter(60_000);
  expect(run.task('a').status).toBe('ready');
  run.feed({ type: 'resume' }).wakeAfter(4_999);
  expect(run.task('a').status).toBe('ready');
  expect(run.wakeAfter(1).task('a').status).toBe('timed_out');
});

test('lets retries become ready, but hands them out only when resumed (P2)', () => {
  const run = new RunDriver(aGraph({ a: [] }, { retriesMax: 1 })).start().claim('a').fail('a');
  run.feed({ type: 'pause' }).wakeAfter(1_000);
  expect(run.task('a').status).toBe('ready');
  expect(run.dispatched()).toEqual([]);
  expect(run.feed({ type: 'resume' }).dispatched()).toEqual(['a']);
});

test('ends a pause that nobody ends, by the timeout of the run (P4)', () => {
  const run = new RunDriver(aGraph({ a: [] })).start().feed({ type: 'pause' });
  expect(run.wakeAfter(RUN_TIMEOUT_MS).state.status).toBe('timed_out');
});

test('can be cancelled while it is paused', () => {
  const run = new RunDriver(aGraph({ a: [] })).start().feed({ type: 'pause' });
  expect(run.feed({ type: 'cancel', reason: 'enough' }).state.status).toBe('cancelled');
});

test('refuses a second pause, and a resume without one', () => {
  const run = new RunDriver(aGraph({ a: [] })).start();
  expect(run.feed({ type: 'resume' }).refusal).toBe('not_paused');
  expect(run.feed({ type: 'pause' }).feed({ type: 'pause' }).refusal).toBe('paused');
});
