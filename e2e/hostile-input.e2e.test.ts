/**
 * Malformed, huge, stale and forged input on every internal call and subject: refused, counted where Prometheus sees it,
 * and nobody stops listening. A call or subject that is added fails here until it has its bad input.
 */
import { readFile } from 'node:fs/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createRpcClient } from '@floe/rpc';
import * as contracts from '@floe/rpc/contracts';
import * as internal from '@floe/rpc/internal-contracts';
import { eventually, frame, rawCall } from '@floe/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { twoSteps } from './support/documents.ts';
import { refusalsOf } from './support/metrics.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const NOBODY = '00000000-0000-7000-8000-00000000dead';
const TOKEN = 'f'.repeat(43);
const TOO_LARGE = frame(Buffer.alloc(4 * 1024 * 1024 + 1));
const NO_MESSAGE = frame(Buffer.from([0x0a, 100]));

let floe: TestFloe;
let nats: NatsConnection;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
  nats = await connect({ servers: floe.endpoints.nats });
  await floe.client.applyWorkflow(twoSteps('two-steps'));
});

afterAll(async () => {
  await nats?.close();
  await floe?.[Symbol.asyncDispose]();
});

async function runsStillGo(): Promise<void> {
  const { run } = await floe.client.startRun({ workflowName: 'two-steps' });
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 20_000 });
  expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
}

/** Something wrong to ask, and the word under which it is counted. */
type Bad = { readonly what: string; readonly request: object; readonly reason: string };

const finish = (change: object) =>
  internal.FinishAttemptRequest.fromPartial({
    runId: NOBODY,
    taskId: 'first',
    epoch: 1n,
    token: TOKEN,
    outcome: { $case: 'handedBack', value: { reason: '' } },
    ...change,
  });
const exchange = (change: object) => ({
  executorId: 'nobody',
  pool: 'nowhere',
  token: TOKEN,
  ...change,
});
const executor = { executorId: 'nobody', pool: 'nowhere' };
const METRIC = { name: 'rows', value: 1, unit: 'rows', type: 'performance' };
const record = { runId: NOBODY, taskId: 't', epoch: 1n };
const renewal = { runId: NOBODY, taskId: 'first', epoch: 1n, token: TOKEN };

type Process = 'scheduler' | 'metadata' | 'reporting' | 'executor-1';

const SERVICES: Readonly<
  Record<string, { readonly process: Process; readonly methods: Readonly<Record<string, Bad[]>> }>
> = {
  AttemptService: {
    process: 'scheduler',
    methods: {
      exchangeAttempts: [
        { what: 'a short token', request: exchange({ token: 'x' }), reason: 'ARGUMENT_INVALID' },
        {
          what: 'labels that are none',
          request: exchange({ labels: ['G P U'] }),
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'a forged end',
          request: exchange({ finished: [finish({})] }),
          reason: 'EPOCH_STALE',
        },
        {
          what: 'a run id that is none',
          request: exchange({ finished: [finish({ runId: "' or true --" })] }),
          reason: 'ARGUMENT_INVALID',
        },
      ],
      recallOffer: [
        { what: 'no executor', request: { token: TOKEN }, reason: 'ARGUMENT_INVALID' },
        {
          what: 'a token that is none',
          request: { executorId: 'nobody', token: 'x' },
          reason: 'ARGUMENT_INVALID',
        },
      ],
      renewLeases: [
        { what: 'no executor', request: { renewals: [renewal] }, reason: 'ARGUMENT_INVALID' },
        {
          what: 'a lease that nobody gave',
          request: { executor, renewals: [renewal, { ...renewal, epoch: -1n }] },
          reason: 'EPOCH_STALE',
        },
        {
          what: 'renewals without end',
          request: { executor, renewals: Array.from({ length: 20_000 }, () => renewal) },
          reason: 'ARGUMENT_INVALID',
        },
      ],
    },
  },
  ConnectionService: {
    process: 'metadata',
    methods: {
      resolveConnection: [
        { what: 'no name', request: { name: '' }, reason: 'CONNECTION_NOT_FOUND' },
        {
          what: 'a name without end',
          request: { name: 'x'.repeat(1_000_000), runId: NOBODY },
          reason: 'CONNECTION_NOT_FOUND',
        },
      ],
    },
  },
  LoadService: {
    process: 'metadata',
    methods: {
      ruleOutLoad: [
        {
          what: 'a run id that is none',
          request: { runId: "' or true --", taskId: 't' },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'a connection that is none',
          request: { runId: NOBODY, taskId: 't', connection: 'none' },
          reason: 'CONNECTION_NOT_FOUND',
        },
        {
          what: 'items without end',
          request: { runId: NOBODY, taskId: 't', items: Array.from({ length: 20_000 }, () => 1) },
          reason: 'ARGUMENT_INVALID',
        },
      ],
    },
  },
  ArtifactService: {
    process: 'metadata',
    methods: {
      putArtifacts: [
        {
          what: 'a run id that is none',
          request: { runId: '../etc', taskId: 't', artifacts: [{ name: 'x', kind: 'markdown' }] },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'artifacts without end',
          request: {
            runId: NOBODY,
            taskId: 't',
            artifacts: Array.from({ length: 5_000 }, () => ({ name: 'x', kind: 'markdown' })),
          },
          reason: 'ARGUMENT_INVALID',
        },
      ],
    },
  },
  RecordService: {
    process: 'metadata',
    methods: {
      recordMetrics: [
        {
          what: 'a run id that is none',
          request: { runId: '../etc', taskId: 't', epoch: 1n, metrics: [METRIC] },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'metrics without end',
          request: { ...record, metrics: Array.from({ length: 5_000 }, () => METRIC) },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'an attempt that nobody gave',
          request: { ...record, metrics: [METRIC] },
          reason: 'EPOCH_STALE',
        },
        {
          what: 'a number that is none',
          request: { ...record, metrics: [{ ...METRIC, value: Number.NaN }] },
          reason: 'ARGUMENT_INVALID',
        },
      ],
      recordWorkflowMetadata: [
        {
          what: 'a run id that is none',
          request: { runId: "' or true --", taskId: 't', epoch: 1n, entries: { a: 1 } },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'an attempt that nobody gave',
          request: { ...record, entries: { a: 1 } },
          reason: 'EPOCH_STALE',
        },
        {
          what: 'a value within a value',
          request: { ...record, entries: { a: { b: { c: 1 } } } },
          reason: 'ARGUMENT_INVALID',
        },
        {
          what: 'entries without end',
          request: {
            ...record,
            entries: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`e${at}`, at])),
          },
          reason: 'ARGUMENT_INVALID',
        },
      ],
    },
  },
  LegacyService: {
    process: 'reporting',
    methods: {
      findLegacyWorkflow: [
        { what: 'a NUL', request: { workflowId: 'a\0b' }, reason: 'ARGUMENT_INVALID' },
      ],
      findLegacyRun: [
        { what: 'a NUL', request: { workflowRunId: 'a\0b' }, reason: 'ARGUMENT_INVALID' },
      ],
      listLegacyRuns: [
        { what: 'fewer than none', request: { limit: -1 }, reason: 'ARGUMENT_INVALID' },
        {
          what: 'a skip without end',
          request: { limit: 1, skip: 2_000_000_000 },
          reason: 'ARGUMENT_INVALID',
        },
      ],
      getLegacyReport: [
        { what: 'a NUL', request: { workflowId: 'a\0b' }, reason: 'ARGUMENT_INVALID' },
      ],
    },
  },
};

type Contract = typeof internal.AttemptService;

function contractOf(service: string): Contract {
  return (internal as unknown as Record<string, Contract>)[service]!;
}

function addressOf(process: Process): string {
  const { scheduler, metadata, reporting, executors } = floe.endpoints;
  return { scheduler, metadata, reporting, 'executor-1': executors[0]! }[process];
}

test('every internal call has its bad input', () => {
  const services = Object.keys(internal).filter((name) => name.endsWith('Service'));
  expect(Object.keys(SERVICES).toSorted()).toEqual(services.toSorted());
  for (const [service, { methods }] of Object.entries(SERVICES))
    expect(Object.keys(methods).toSorted()).toEqual(Object.keys(contractOf(service)).toSorted());
});

const CALLS = Object.entries(SERVICES).flatMap(([service, { process, methods }]) =>
  Object.entries(methods).map(([method, bad]) => ({ service, process, method, bad })),
);

describe.each(CALLS)('$service $method', ({ service, process, method, bad }) => {
  const { path } = contractOf(service)[method as keyof Contract];
  const place = path.slice(1);
  const counted = (reason: string) => refusalsOf(floe, process, { surface: 'rpc', place, reason });

  test('refuses what is no message, and what is too large', async () => {
    const before = {
      malformed: await counted('ARGUMENT_INVALID'),
      unread: await counted('UNREAD'),
    };
    expect(await rawCall(addressOf(process), path, NO_MESSAGE)).toMatchObject({ status: 3 });
    await rawCall(addressOf(process), path, TOO_LARGE);
    expect(await counted('ARGUMENT_INVALID')).toBe(before.malformed + 1);
    expect(await counted('UNREAD')).toBe(before.unread + 1);
  });

  test.each(bad)('refuses $what as $reason', async ({ request, reason }) => {
    const addresses = [addressOf(process)];
    const client = createRpcClient(contractOf(service), { addresses, name: process });
    const before = await counted(reason);
    const call = client[method as keyof Contract] as (request: object) => Promise<unknown>;
    await call(MESSAGES[method]!.fromPartial(request)).catch((error: unknown) =>
      expect(error).toMatchObject({ code: reason }),
    );
    client.close();
    expect(await counted(reason)).toBeGreaterThan(before);
  });
});

const MESSAGES: Readonly<Record<string, { fromPartial(value: object): object }>> = {
  exchangeAttempts: internal.ExchangeAttemptsRequest,
  recallOffer: internal.RecallOfferRequest,
  renewLeases: internal.RenewLeasesRequest,
  resolveConnection: internal.ResolveConnectionRequest,
  ruleOutLoad: internal.RuleOutLoadRequest,
  putArtifacts: internal.PutArtifactsRequest,
  recordMetrics: internal.RecordMetricsRequest,
  recordWorkflowMetadata: internal.RecordWorkflowMetadataRequest,
  findLegacyWorkflow: internal.FindLegacyWorkflowRequest,
  findLegacyRun: internal.FindLegacyRunRequest,
  listLegacyRuns: internal.ListLegacyRunsRequest,
  getLegacyReport: internal.GetLegacyReportRequest,
};

/** `path` of every method that callers may use. */
const PUBLIC_CALLS = Object.entries(contracts)
  .filter(([name]) => name.endsWith('Service'))
  .flatMap(([service, contract]) =>
    Object.values(contract as unknown as Contract).map(({ path }) => ({ service, path })),
  );

const PROCESS_OF: Readonly<Record<string, Process>> = {
  SchedulerService: 'scheduler',
  MetadataService: 'metadata',
  ReportingService: 'reporting',
  ExecutorService: 'executor-1',
};

test.each(PUBLIC_CALLS)(
  '$path refuses what is no message, and counts it',
  async ({ service, path }) => {
    const process = PROCESS_OF[service]!;
    const counted = () =>
      refusalsOf(floe, process, {
        surface: 'rpc',
        place: path.slice(1),
        reason: 'ARGUMENT_INVALID',
      });
    const before = await counted();
    expect(await rawCall(addressOf(process), path, NO_MESSAGE)).toMatchObject({ status: 3 });
    expect(await counted()).toBe(before + 1);
  },
);

test('every internal subject is sent something here', async () => {
  const source = new URL('../libs/bus/src/subjects.ts', import.meta.url);
  const kinds = (await readFile(source, 'utf8')).matchAll(/floe\.internal\.(\w+)/g);
  expect(new Set([...kinds].map(([, kind]) => kind))).toEqual(
    new Set(['hints', 'logs', 'control', 'changes']),
  );
});

test('what is no hint is counted, and the hints behind it wake executors all the same', async () => {
  const hints = { surface: 'bus', place: 'hints', reason: 'MALFORMED' };
  const before = await refusalsOf(floe, 'executor-1', hints);
  const subjects = ['light', 'slot'].map((lane) => `floe.internal.hints.default.${lane}`);
  for (const subject of subjects) {
    nats.publish(subject, 'run this: rm -rf /');
    nats.publish(subject, '\u0000'.repeat(1_000));
    // Larger than the stream takes: NATS itself refuses it.
    nats.publish(subject, 'x'.repeat(100_000));
  }
  await eventually(
    async () => expect(await refusalsOf(floe, 'executor-1', hints)).toBe(before + 4),
    { withinMs: 20_000 },
  );
  for (const subject of subjects)
    for (let again = 0; again < 100; again += 1) nats.publish(subject);
  await runsStillGo();
});

test('what is no stop hint is counted, and what is stale stops nothing', async () => {
  const control = { surface: 'bus', place: 'control', reason: 'MALFORMED' };
  const before = await refusalsOf(floe, 'executor-1', control);
  // The calls above have left word of an executor that there is not.
  const executors = await floe.client.listExecutors();
  const executor = executors.find(({ executorId }) => executorId !== 'nobody');
  const subject = `floe.internal.control.${executor!.executorId}`;
  const stop = { run_id: NOBODY, task_id: 'first', epoch: 1 };
  const wrong = [
    'not JSON',
    '[]',
    JSON.stringify({ ...stop, epoch: 'one' }),
    JSON.stringify({ ...stop, task_id: 'x'.repeat(900_000) }),
  ];
  for (const body of wrong) nats.publish(subject, body);
  for (const epoch of [0, 1, 1, 99]) nats.publish(subject, JSON.stringify({ ...stop, epoch }));
  await eventually(
    async () => expect(await refusalsOf(floe, 'executor-1', control)).toBe(before + wrong.length),
    { withinMs: 10_000 },
  );
  await runsStillGo();
});

test('news of a run says nothing but that there is some: whatever is in it stops nobody', async () => {
  const changes = { surface: 'bus', place: 'changes', reason: 'MALFORMED' };
  const before = await refusalsOf(floe, 'reporting', changes);
  // Whoever follows the list of runs hears of every run.
  const changed = floe.client.watchRuns();
  await changed.next();
  await eventually(
    async () => {
      for (const body of ['', 'not JSON', 'x'.repeat(900_000)])
        for (const runId of [NOBODY, '_zz', '='])
          nats.publish(`floe.internal.changes.${runId}`, body);
      await nats.flush();
      expect(await refusalsOf(floe, 'reporting', changes)).toBeGreaterThan(before);
    },
    { withinMs: 10_000, everyMs: 200 },
  );
  await runsStillGo();
  await changed.return();
});

test('what is no log line is counted and left out, and the lines around it are shown', async () => {
  const logs = { surface: 'bus', place: 'logs', reason: 'MALFORMED' };
  const before = await refusalsOf(floe, 'reporting', logs);
  const { run } = await floe.client.startRun({ workflowName: 'two-steps' });
  await awaitRunEnd(floe.client, run.runId, { withinMs: 20_000 });
  const subject = `floe.internal.logs.${run.runId}.first`;
  const line = { runId: run.runId, taskId: 'first', attempt: 1, timeMs: 1, level: 'info' };
  const right = { ...line, message: 'all is well' };
  nats.publish(subject, 'not JSON');
  nats.publish(subject, JSON.stringify({ lines: [{ ...line, message: 7 }, right, null] }));
  await nats.flush();
  const { code, stdout, stderr } = await floe.floe(['runs', 'logs', run.runId]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('all is well');
  // Each reader counts what it leaves out.
  expect(await refusalsOf(floe, 'reporting', logs)).toBeGreaterThanOrEqual(before + 3);
});

test('after all of it runs go on', runsStillGo);
