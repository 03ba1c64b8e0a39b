/** Tasks that one attempt carries out: which go along (O1), how they end (O2), and whose fault it is when it ends (O3). */
import { expect, test } from 'vitest';
import type { GraphTask } from '../src/index.ts';
import { aGraph, RunDriver } from './run-driver.ts';

const FOLLOWED: Readonly<Record<string, Partial<GraphTask>>> = {
  a: { follower: 1 },
  b: { follower: 2 },
};
const CHAIN = { a: [], b: ['a'], c: ['b'], other: [] };

function aChain(edges: Record<string, readonly string[]> = CHAIN): RunDriver {
  return new RunDriver(aGraph(edges, { retriesMax: 1 }, FOLLOWED)).start();
}

test('takes the followers along that wait for nothing else (O1)', () => {
  expect(aChain().claim('a').task('a').followers).toEqual([1, 2]);
  const waiting = aChain({ a: [], b: ['a'], c: ['b', 'other'], other: [] });
  expect(waiting.claim('a').task('a').followers).toEqual([1]);
  const ready = aChain({ a: [], b: ['a'], c: ['b', 'other'], other: [] });
  ready.claim('other').finish('other').claim('a');
  expect(ready.task('a').followers).toEqual([1, 2]);
});

test('takes nobody along on a later attempt (O1)', () => {
  const run = aChain().claim('a').fail('a');
  run.now += 1_000;
  run.feed({ type: 'wake' }).claim('a');
  expect(run.task('a')).toMatchObject({ status: 'running', attempts: 2 });
  expect(run.task('a').followers).toBeUndefined();
});

test('takes nobody along whose other input has failed (O1)', () => {
  const run = aChain({ a: [], b: ['a', 'other'], c: ['b'], other: [] });
  run.claim('other').fail('other', false).claim('a');
  expect(run.task('a').followers).toBeUndefined();
});

test('has the time of all of them (O1)', () => {
  const run = aChain().claim('a');
  const alone = aChain().claim('other');
  expect(run.task('a').deadlineAt).toBe(alone.task('other').deadlineAt! + 2 * 60_000);
});

test('shows the interval of the attempt that carried a task out (O2)', () => {
  const run = aChain();
  run.now = 100;
  run.claim('a');
  run.now = 500;
  run.finish('a');
  run.feed({ type: 'claim', task: 1, epoch: run.task('b').epoch, since: 100 });
  expect(run.task('b')).toMatchObject({ readyAt: 100, startedAt: 100, attempts: 1 });
  expect(run.task('b').followers).toBeUndefined();
  run.finish('b', { kind: 'succeeded', hasUncountedRows: true });
  expect(run.task('b')).toMatchObject({ endedAt: 500, hasUncountedRows: true });
});

const FAULT = { code: 'MEMORY_EXCEEDED', message: 'used 4.1 of 4.0 GiB' };

test.each([
  ['its time', { kind: 'timed_out', failure: FAULT } as const],
  ['its memory', { kind: 'failed', failure: FAULT, retryable: true } as const],
])('counts an attempt of several tasks that is ended for %s as lost (O3)', (_, outcome) => {
  const run = aChain().claim('a').finish('a', outcome);
  expect(run.task('a')).toMatchObject({ status: 'retrying', losses: 1 });
  const alone = aChain().claim('other').finish('other', outcome);
  expect(alone.task('other')).toMatchObject({ status: 'retrying', losses: 0 });
});

test('counts one that nobody ended in time as lost, too (O3)', () => {
  const run = aChain().claim('a');
  run.now = run.task('a').deadlineAt!;
  run.feed({ type: 'wake' });
  expect(run.task('a')).toMatchObject({ status: 'retrying', losses: 1 });
});

test('blames the first task for a failure of its own (O3)', () => {
  expect(aChain().claim('a').fail('a').task('a')).toMatchObject({ status: 'retrying', losses: 0 });
});
