/** A gRPC client that knows nothing but the address: finds services by reflection, starts a run and watches it. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand, type CommandResult } from './support/command.ts';
import { twoSteps } from './support/documents.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const BUF = fileURLToPath(new URL('../node_modules/.bin/buf', import.meta.url));

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
  await floe.client.applyWorkflow(twoSteps('two-steps'));
});

afterAll(() => floe?.[Symbol.asyncDispose]());

/** Calls a method with what the server itself says about its types: no proto file is given. */
function call(address: string, method: string, body: object): Promise<CommandResult> {
  const words = [
    'curl',
    '--protocol',
    'grpc',
    '--http2-prior-knowledge',
    '--data',
    JSON.stringify(body),
  ];
  // An empty folder as working directory: buf would read the proto files of this repository there.
  return runCommand(BUF, [...words, `http://${address}/${method}`], { cwd: floe.stateDir });
}

test('starts a run and watches it to its end', async () => {
  const { scheduler, reporting } = floe.endpoints;
  const started = await call(scheduler, 'floe.v1.SchedulerService/StartRun', {
    workflowName: 'two-steps',
    requestId: 'reflection-1',
  });
  expect(started.code, started.stderr).toBe(0);
  const { run } = JSON.parse(started.stdout) as { run: { runId: string } };

  const watched = await call(reporting, 'floe.v1.ReportingService/WatchRun', { runId: run.runId });
  expect(watched.code, watched.stderr).toBe(0);
  const types = eventTypes(watched.stdout);
  expect(types.at(0)).toMatch(/^run\./);
  expect(types.at(-1)).toBe('run.succeeded');
  expect(types.filter((type) => type === 'task.succeeded')).toHaveLength(2);

  const again = await call(reporting, 'floe.v1.ReportingService/GetRun', { runId: run.runId });
  expect(JSON.parse(again.stdout)).toMatchObject({
    run: { state: 'RUN_STATE_SUCCEEDED', taskCounts: { succeeded: 2, total: 2 } },
  });
});

test('answers the same request id with the same run', async () => {
  const body = { workflowName: 'two-steps', requestId: 'reflection-2' };
  const method = 'floe.v1.SchedulerService/StartRun';
  const first = await call(floe.endpoints.scheduler, method, body);
  const second = await call(floe.endpoints.scheduler, method, body);
  const [a, b] = [first, second].map(
    ({ stdout }) => JSON.parse(stdout) as { run: { runId: string }; alreadyStarted?: boolean },
  );
  expect(b!.run.runId).toBe(a!.run.runId);
  expect(b!.alreadyStarted).toBe(true);
});

test('gives a client that knows only google.rpc the code, the reason and the details', async () => {
  const method = 'floe.v1.ReportingService/GetRun';
  const runId = '01900000-0000-7000-8000-000000000000';
  const { code, stderr } = await call(floe.endpoints.reporting, method, { runId });
  expect(code).not.toBe(0);
  const error = JSON.parse(stderr) as {
    code: string;
    details: { type: string; value: string }[];
  };
  expect(error.code).toBe('not_found');
  const info = error.details.find(({ type }) => type === 'google.rpc.ErrorInfo');
  // buf shows the detail as the bytes of its message: the reason is its first field, as text.
  expect(Buffer.from(info!.value, 'base64').toString('latin1')).toContain('RUN_NOT_FOUND');
  expect(error.details.map(({ type }) => type)).toContain('google.rpc.ResourceInfo');
});

test.each([
  ['metadata', 'floe.v1.MetadataService'],
  ['scheduler', 'floe.v1.SchedulerService'],
  ['reporting', 'floe.v1.ReportingService'],
] as const)('says that %s is healthy', async (name, service) => {
  const { stdout } = await call(floe.endpoints[name], 'grpc.health.v1.Health/Check', { service });
  expect(JSON.parse(stdout)).toEqual({ status: 'SERVING' });
});

/** The types of the events among the JSON documents that buf prints one after the other. */
function eventTypes(output: string): string[] {
  const matches = output.matchAll(/"event":\s*\{[^}]*?"type":\s*"([^"]+)"/g);
  return Array.from(matches, (match) => match[1]!);
}
