import { expect, test } from 'vitest';
import { CANCEL_DEADLINE_MS, type ChildEnd, type TaskPolicy } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const aParent = (onClose: 'cancel' | 'abandon' = 'cancel', policy: Partial<TaskPolicy> = {}) =>
  new RunDriver(
    aGraph({ sub: [] }, policy, { sub: { work: { kind: 'workflow', onClose } } }),
  ).start();
const ended = (status: ChildEnd['status'], epoch = 1) =>
  ({ type: 'child_ended', task: 0, epoch, child: { status } }) as const;
const cancel = { type: 'cancel', reason: 'enough' } as const;

test('starts a run and ends as it does (K1, K2)', () => {
  const run = aParent();
  expect(run.told('start_child')).toEqual([{ task: 0, epoch: 1 }]);
  expect(run.task('sub').status).toBe('running');
  expect(run.feed(ended('succeeded')).state.status).toBe('succeeded');
});

test('starts another run for each retry, and takes the end of the newest only (K2, F1)', () => {
  const run = aParent('cancel', { retriesMax: 1 }).feed(ended('failed'));
  expect(run.task('sub').status).toBe('retrying');
  run.wakeAfter(1_000);
  expect(run.told('start_child')).toEqual([{ task: 0, epoch: 2 }]);
  expect(run.feed(ended('succeeded', 1)).refusal).toBe('stale_epoch');
  expect(run.feed(ended('failed', 2)).state).toMatchObject({
    status: 'failed',
    failure: { code: 'CHILD_FAILED' },
  });
});

test('does not retry a child that somebody cancelled (K2)', () => {
  expect(aParent('cancel', { retriesMax: 3 }).feed(ended('cancelled')).state.status).toBe('failed');
});

test('cancels the child with the parent, and waits for it (K3)', () => {
  const run = aParent().feed(cancel);
  expect(run.told('cancel_child')).toEqual([{ task: 0, epoch: 1, reason: 'enough' }]);
  expect(run.state.status).toBe('cancelling');
  expect(run.feed(ended('cancelled')).state.status).toBe('cancelled');
});

test('waits no longer for the child than for anybody (K3, X3)', () => {
  const run = aParent().feed(cancel).wakeAfter(CANCEL_DEADLINE_MS);
  expect(run.state.status).toBe('cancelled');
});

test('leaves the child alone where the document says so (K3)', () => {
  const run = aParent('abandon').feed(cancel);
  expect(run.told('cancel_child')).toEqual([]);
  expect(run.state.status).toBe('cancelled');
});

test('gives a child up that takes too long (W1, K3)', () => {
  const run = aParent('cancel', { timeoutMs: 5_000 }).wakeAfter(5_000);
  expect(run.told('cancel_child')).toHaveLength(1);
  expect(run.task('sub').status).toBe('timed_out');
});
