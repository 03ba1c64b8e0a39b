import { expect, test } from 'vitest';
import type { Run, RunState } from '@floe/client';
import { allowing, onEach } from './bulk-deed.ts';
import type { BulkProgress } from './bulk-deed.ts';

function someRun(runId: string, state: RunState): Run {
  return { runId, state } as Run;
}

const runs = [
  someRun('queued', 'RUN_STATE_QUEUED'),
  someRun('paused', 'RUN_STATE_PAUSED'),
  someRun('cancelling', 'RUN_STATE_CANCELLING'),
  someRun('good', 'RUN_STATE_SUCCEEDED'),
  someRun('failed', 'RUN_STATE_FAILED'),
  someRun('cancelled', 'RUN_STATE_CANCELLED'),
];

test('cancels what has not ended, and retries what has ended badly', () => {
  const ids = (all: readonly Run[]) => all.map(({ runId }) => runId);
  expect(ids(allowing(runs, 'cancel'))).toEqual(['queued', 'paused']);
  expect(ids(allowing(runs, 'retry'))).toEqual(['failed', 'cancelled']);
});

test('goes on behind one that is refused, some at once, and tells how far it is', async () => {
  const told: BulkProgress[] = [];
  let [open, openMax] = [0, 0];
  const act = async ({ runId }: Run) => {
    open += 1;
    openMax = Math.max(open, openMax);
    await new Promise((resolve) => setTimeout(resolve, 1));
    open -= 1;
    if (runId === 'good') throw new Error('has ended');
  };
  const { signal } = new AbortController();
  await onEach(runs, act, { signal, tell: (progress) => told.push(progress) });
  expect(told.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(told.at(-1)?.failures.map(({ run }) => run.runId)).toEqual(['good']);
  expect(openMax).toBe(3);
});

test('begins no more once it is stopped', async () => {
  const stopped = new AbortController();
  const seen: string[] = [];
  const act = async ({ runId }: Run) => {
    seen.push(runId);
    stopped.abort();
  };
  await onEach(runs, act, { signal: stopped.signal, tell: () => undefined });
  expect(seen.length).toBeLessThan(runs.length);
});
