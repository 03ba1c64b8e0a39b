// Hunts the request that stops a scheduler, or that it believes although nobody honest can have sent it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExchangeAttemptsRequest, FinishAttemptRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import {
  SchedulerFixture,
  aWorkflow,
  exchange,
  finish,
  newToken,
  startRequest,
  succeed,
  succeeded,
  take,
  type SchedulerClients,
} from './scheduler-fixture.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await fixture.addWorkflow(aWorkflow('single', { only: [] }));
});

afterAll(() => fixture.stop());

async function held(): Promise<AttemptLease> {
  const { run } = await scheduler.runs.startRun(startRequest('single'));
  return take(scheduler, run!.runId);
}

test.each([
  ['a short token', { token: 'short' }],
  ['a huge token', { token: 'x'.repeat(300) }],
  ['no executor', { executorId: '' }],
  ['a NUL in a name', { executorId: 'a\u0000b' }],
  ['a pool without end', { pool: 'p'.repeat(5_000) }],
  ['a run id that is none', { finished: [aFinish({ runId: "' or true --" })] }],
  ['an end without an outcome', { finished: [aFinish({ outcome: undefined })] }],
  ['a dataset that is no JSON', { finished: [aFinish({ outcome: withDataset('{') })] }],
  ['a dataset of another shape', { finished: [aFinish({ outcome: withDataset('{"a":1}') })] }],
  ['a dataset without end', { finished: [aFinish({ outcome: withDataset('9'.repeat(200_000)) })] }],
])('refuses %s with ARGUMENT_INVALID', async (_, change) => {
  const honest = { executorId: 'executor-1', pool: 'default', token: newToken() };
  const request = ExchangeAttemptsRequest.create({ ...honest, ...change });
  await expect(scheduler.attempts.exchangeAttempts(request)).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  });
});

function aFinish(change: Partial<FinishAttemptRequest>): FinishAttemptRequest {
  const outcome = { $case: 'handedBack' as const, value: { reason: '' } };
  const honest = { runId: NOBODY, taskId: 'only', epoch: 1n, token: newToken(), outcome };
  return FinishAttemptRequest.create({ ...honest, ...change });
}

function withDataset(datasetJson: string) {
  const nothing = { rows: 0n, bytes: 0n, failedItems: [], voided: false, rowsUncounted: false };
  const value = { ...nothing, datasetJson };
  return { $case: 'succeeded' as const, value };
}

test('accepts none of the ends that are forged, stale or of nothing, beside one that is right', async () => {
  const lease = await held();
  const right = succeeded(lease);
  const { accepted } = await exchange(scheduler, {
    free: { slot: 0, light: 0 },
    finished: [
      { ...right, token: newToken() },
      { ...right, epoch: 99n },
      { ...right, epoch: -1n },
      { ...right, taskId: 'no such task' },
      { ...right, runId: NOBODY },
      right,
      right,
    ],
  });
  expect(accepted).toEqual([false, false, false, false, false, true, true]);
});

test('ends what an exchange that came too late brings, and gives it nothing', async () => {
  const lease = await held();
  const { run } = await scheduler.runs.startRun(startRequest('single'));
  const { decidedAtMs } = await exchange(scheduler, { free: { slot: 0, light: 0 } });
  expect(Number(decidedAtMs)).toBeGreaterThan(Date.now() - 60_000);
  const offer = { free: { slot: 0, light: 50 }, finished: [succeeded(lease)] };
  const late = await exchange(scheduler, { ...offer, answerByMs: decidedAtMs - 1n });
  expect(late.accepted).toEqual([true]);
  expect(late.leases).toEqual([]);
  const inTime = await exchange(scheduler, { ...offer, answerByMs: decidedAtMs + 60_000n });
  expect(inTime.leases.map(({ runId }) => runId)).toContain(run!.runId);
});

test('cuts the words of a failure, so that they fit into events and rows', async () => {
  const lease = await held();
  const details = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`name${index}`, '\u0000'.repeat(2_000)]),
  );
  const failure = { code: 'QUERY_FAILED', message: 'é\u0000'.repeat(50_000), taskId: '', details };
  const outcome = { $case: 'failed' as const, value: { failure, retryable: false } };
  const { runId, taskId, epoch, token } = lease;
  const request = FinishAttemptRequest.create({ runId, taskId, epoch, token, outcome });
  expect(await finish(scheduler, request)).toBe(true);
  const [row] = await fixture.query<{ state: string; size: number }>(
    'select state, pg_column_size(failure) as size from floe.run where run_id = $1',
    [runId],
  );
  expect(row!.state).toBe('failed');
  expect(row!.size).toBeLessThan(65_536);
});

test('gives at most what one answer carries, whatever is asked for', async () => {
  const huge = { slot: 2_147_483_647, light: -5 };
  const { leases, moreReady } = await exchange(scheduler, { free: huge });
  expect(leases).toEqual([]);
  expect(moreReady).toBe(false);
  expect(await succeed(scheduler, await held())).toBe(true);
});

test.each([
  ['never', 0n, null],
  ['before it was claimed', 1n, 'claimed'],
  ['in a far future', 32_503_680_000_000_000n, 'ended'],
  ['in no year', 9_000_000_000_000_000_000n, null],
])('believes that work began %s only as far as it can be', async (_, beganAtUs, expected) => {
  const lease = await held();
  expect(await finish(scheduler, { ...succeeded(lease), beganAtUs })).toBe(true);
  const [row] = await fixture.query<{ began: string | null }>(
    `select case began_at when claimed_at then 'claimed' when ended_at then 'ended' end as began
     from floe.attempt where run_id = $1`,
    [lease.runId],
  );
  expect(row!.began).toBe(expected);
});
