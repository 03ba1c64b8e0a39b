import { expect, test } from 'vitest';
import { decideOutcome, describeUse } from './attempt-outcome.ts';
import type { JobEnd } from './worker-process.ts';

const SUCCEEDED: JobEnd = { kind: 'succeeded', rows: 3, bytes: 9, datasetJson: '' };
const KILLED: JobEnd = { kind: 'exited', code: null, signal: 'SIGKILL' };

test('says nothing of an attempt whose lease is gone, even when it succeeded', () => {
  expect(decideOutcome(SUCCEEDED, { kind: 'lost', reason: 'late' })).toBeUndefined();
});

test('reports a result that came before the kill', () => {
  expect(decideOutcome(SUCCEEDED, { kind: 'cancelled' })).toMatchObject({ $case: 'succeeded' });
});

test('tells an abort of Polars from other crashes, in both of its forms', () => {
  const forms = [
    { kind: 'exited', code: 134, signal: null },
    { kind: 'exited', code: null, signal: 'SIGABRT' },
  ] as const;
  for (const form of forms) {
    expect(decideOutcome(form, undefined)).toMatchObject({
      value: {
        lost: true,
        failure: { code: 'WORKER_CRASHED', message: expect.stringContaining('Polars aborted') },
      },
    });
  }
  expect(decideOutcome(KILLED, undefined)).toMatchObject({
    value: { lost: true, failure: { message: expect.stringMatching(/killed by SIGKILL$/) } },
  });
});

test('names the reason of a kill rather than the exit that follows from it', () => {
  expect(decideOutcome(KILLED, { kind: 'cancelled' })).toMatchObject({
    value: { cancelled: true, lost: false },
  });
  expect(decideOutcome(KILLED, { kind: 'timed_out', timeoutMs: 1_500 })).toMatchObject({
    value: { timedOut: true, failure: { message: expect.stringContaining('1.5 s') } },
  });
  expect(decideOutcome(KILLED, { kind: 'drained' })).toMatchObject({ $case: 'handedBack' });
});

test('shows memory so that the used part is above the limit', () => {
  expect(describeUse(4.02 * 1024 ** 3, 4 * 1024 ** 3)).toBe('used 4.1 of 4.0 GiB');
  expect(describeUse(4 * 1024 ** 3 + 1, 4 * 1024 ** 3)).toBe('used 4.1 of 4.0 GiB');
  expect(describeUse(70 * 1024 ** 2, 20 * 1024 ** 2)).toBe('used 70.0 of 20.0 MiB');
});
