import { expect, test } from 'vitest';
import type { Work } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const anApproval = (onTimeout: 'fail' | 'skip' | 'approve' = 'fail') => {
  const work: Work = { kind: 'approval', onTimeout };
  return new RunDriver(aGraph({ ask: [], next: ['ask'] }, {}, { ask: { work } }));
};
const answer = (approved: boolean) =>
  ({ type: 'answer', task: 0, answer: { approved, by: 'Kari', comment: 'too early' } }) as const;

test('asks a person, and never an executor (A1)', () => {
  const run = anApproval().start();
  expect(run.task('ask').status).toBe('running');
  expect(run.state.status).toBe('running');
  expect(run.told('ask_approval')).toEqual([{ task: 0, epoch: 1, deadlineAt: 60_000 }]);
  expect(run.dispatched()).toEqual([]);
  expect(run.finish('ask').refusal).toBe('other_work');
  expect(run.claim('ask').refusal).toBe('not_ready');
});

test('goes on when the answer is yes (A2)', () => {
  expect(anApproval().start().feed(answer(true)).statuses()).toBe('ask:succeeded next:ready');
});

test('fails with the words of the person when the answer is no (A2)', () => {
  const run = anApproval().start().feed(answer(false));
  expect(run.statuses()).toBe('ask:failed next:upstream_failed');
  expect(run.state.failure).toMatchObject({
    code: 'APPROVAL_REJECTED',
    message: 'Kari rejected ask: too early',
  });
});

test.each([
  ['fail', 'ask:timed_out next:upstream_failed'],
  ['skip', 'ask:skipped next:skipped'],
  ['approve', 'ask:succeeded next:ready'],
] as const)('does without an answer what the document says: %s (A3)', (onTimeout, expected) => {
  const run = anApproval(onTimeout).start().wakeAfter(59_999);
  expect(run.task('ask').status).toBe('running');
  expect(run.wakeAfter(1).statuses()).toBe(expected);
});

test('counts the first answer only', () => {
  const run = anApproval().start().feed(answer(true));
  expect(run.feed(answer(false)).refusal).toBe('not_running');
});

test('asks nobody while the run is paused (A1, P2)', () => {
  const run = anApproval().start();
  const paused = anApproval().feed({ type: 'pause' }).start();
  expect(paused.told('ask_approval')).toEqual([]);
  expect(paused.task('ask').status).toBe('ready');
  expect(paused.feed({ type: 'resume' }).told('ask_approval')).toHaveLength(1);
  expect(run.feed({ type: 'pause' }).feed(answer(true)).task('ask').status).toBe('succeeded');
});

test('ends with the run that is cancelled, without waiting for anybody (X1)', () => {
  const run = anApproval().start().feed({ type: 'cancel', reason: '' });
  expect(run.state.status).toBe('cancelled');
});

test('takes no answer for a task that is no approval (T1)', () => {
  const run = anApproval().start().feed(answer(true));
  const other = { type: 'answer', task: 1, answer: answer(true).answer } as const;
  expect(run.feed(other).refusal).toBe('other_work');
});
