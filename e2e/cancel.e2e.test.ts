/**
 * Hunts runs that go on after they were cancelled: a worker that was not killed, a statement that still runs, a request that
 * is still open (P5). How long it takes is measured by the bench `cancel`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitTaskState } from './support/await-run.ts';
import { sleepingQuery } from './support/documents.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { MAIN, startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({
    executors: 1,
    slots: 1,
    env: { FLOE_HTTP_HOSTS: '127.0.0.1' },
  });
  await prepareConnections(floe);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

test('cancels a running statement and leaves no backend', async () => {
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

  await floe.client.cancelRun(runId, { reason: 'a test' });
  await eventually(async () => (await floe.client.getRun(runId)).state === 'RUN_STATE_CANCELLED', {
    withinMs: 10_000,
  });
  await eventually(async () => (await sleepingBackends()) === 0, { withinMs: 10_000 });

  const { code, stderr } = await watching;
  expect(code, stderr).toBe(3);
  expect(stderr).toContain('cancelled');
});

test('cancels a request that hangs, and its server sees the connection close', async () => {
  const asked = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.on('close', closed.resolve);
    asked.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await floe.client.applyWorkflow(
    `name: asks\ntasks:\n  ask: { type: http, url: "http://127.0.0.1:${port}/", request_timeout: 10m }\n`,
  );
  const { run } = await floe.client.startRun({ workflowName: 'asks' });
  await asked.promise;
  await floe.client.cancelRun(run.runId);
  await closed.promise;
  await awaitTaskState(floe.client, run.runId, {
    state: 'TASK_STATE_CANCELLED',
    withinMs: 20_000,
  });
  server.close();
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
