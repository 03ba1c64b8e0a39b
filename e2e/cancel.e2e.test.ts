/** Hunts runs that go on after they were cancelled: a worker that was not killed, a statement that still runs (P5). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitTaskState } from './support/await-run.ts';
import { sleepingQuery } from './support/documents.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { MAIN, startTestFloe, type TestFloe } from './support/test-floe.ts';

// P5 promises two seconds; this also holds the start of two commands on a busy machine.
const CANCEL_WITHIN_MS = 2_000;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
  await prepareConnections(floe);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

test('cancels a running statement within two seconds and leaves no backend', async () => {
  await floe.client.applyWorkflow(sleepingQuery('sleeper', 300));
  const watching = floe.floe(['run', 'sleeper']);
  const runId = await eventually(
    async () => {
      const { runs } = await floe.client.listRuns({ workflowName: 'sleeper' });
      return runs[0]?.runId ?? fail('the run has not been started yet');
    },
    { withinMs: 20_000 },
  );
  await awaitTaskState(floe.client, runId, { state: 'TASK_STATE_RUNNING', withinMs: 20_000 });
  await eventually(async () => (await sleepingBackends()) === 1, { withinMs: 10_000 });

  const cancelledAt = performance.now();
  await floe.client.cancelRun(runId, { reason: 'a test' });
  await eventually(async () => (await floe.client.getRun(runId)).state === 'RUN_STATE_CANCELLED', {
    withinMs: 10_000,
  });
  await eventually(async () => (await sleepingBackends()) === 0, { withinMs: 10_000 });
  expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_WITHIN_MS);

  const { code, stderr } = await watching;
  expect(code, stderr).toBe(3);
  expect(stderr).toContain('cancelled');
});

test('refuses to cancel a run that has ended', async () => {
  const [run] = (await floe.client.listRuns({ workflowName: 'sleeper' })).runs;
  const { code, stderr } = await floe.floe(['runs', 'cancel', run!.runId]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/RUN_ALREADY_ENDED/);
});

test('Ctrl-C stops watching, not the run, and says how to watch again', async () => {
  const words = [MAIN, 'run', 'sleeper', '--state-dir', floe.stateDir];
  const watching = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = text(watching.stderr);
  const exited = once(watching, 'exit');
  const run = await eventually(
    async () => {
      const { runs } = await floe.client.listRuns({ states: ['RUN_STATE_RUNNING'] });
      return runs[0] ?? fail('the run does not run yet');
    },
    { withinMs: 20_000 },
  );
  watching.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  expect(await said).toContain(`floe runs watch ${run.runId}`);
  expect((await floe.client.getRun(run.runId)).state).toBe('RUN_STATE_RUNNING');
  await floe.client.cancelRun(run.runId);
});

function fail(message: string): never {
  throw new Error(message);
}

async function sleepingBackends(): Promise<number> {
  const [row] = await floe.sql<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity
     where query like '%pg_sleep(300)%' and pid <> pg_backend_pid()`,
  );
  return row!.count;
}
