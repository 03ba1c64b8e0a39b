/**
 * Whatever a request holds, the caller is told which field is wrong: nothing of it reaches PostgreSQL or NATS as a
 * statement, a pattern or an offset, and nothing ends as INTERNAL.
 */
import { toFloeError } from '@floe/errors';
import * as messages from '@floe/rpc/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from './collect.ts';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let runId: string;

beforeAll(async () => {
  fixture = await startFixture();
  runId = await storeRun(fixture.db, { state: 'succeeded', tasks: [{ taskId: 'a' }] });
});

afterAll(() => fixture.stop());

const NUL = 'a\0b';
const HALF = 'a\ud800b';
const LONG = 'x'.repeat(100_000);
const SQL = `'; drop table floe.run; --`;
const TEXTS = { NUL, LONG };
const TOKENS = {
  noise: '%%%',
  number: Buffer.from('1').toString('base64url'),
  'foreign list': Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url'),
  'deep JSON': Buffer.from('['.repeat(50_000)).toString('base64url'),
  NUL,
  SQL,
};
const TIMES = { 'far future': new Date(8.64e15), 'far past': new Date(-8.64e15) };

type Call = () => Promise<unknown>;

const calls = {
  listRuns: (request: object) => () =>
    fixture.client.listRuns(messages.ListRunsRequest.create(request)),
  listTaskRuns: (request: object) => () =>
    fixture.client.listTaskRuns(messages.ListTaskRunsRequest.create({ runId, ...request })),
  listMetrics: (request: object) => () =>
    fixture.client.listMetrics(messages.ListMetricsRequest.create({ runId, ...request })),
  listArtifacts: (request: object) => () =>
    fixture.client.listArtifacts(messages.ListArtifactsRequest.create({ runId, ...request })),
  listFreshness: (request: object) => () =>
    fixture.client.listFreshness(messages.ListFreshnessRequest.create(request)),
  getLineage: (request: object) => () =>
    fixture.client.getLineage(
      messages.GetLineageRequest.create({
        dataset: 'public.orders',
        direction: messages.LineageDirection.UP,
        ...request,
      }),
    ),
  getImpact: (request: object) => () =>
    fixture.client.getImpact(messages.GetImpactRequest.create({ dataset: 'a.b', ...request })),
  getWorkflowReport: (request: object) => () =>
    fixture.client.getWorkflowReport(
      messages.GetWorkflowReportRequest.create({ workflowName: 'etl', ...request }),
    ),
  tailLogs: (request: object) => () =>
    collect(fixture.client.tailLogs(messages.TailLogsRequest.create({ runId, ...request }))),
  watchRun: (request: object) => () =>
    collect(fixture.client.watchRun(messages.WatchRunRequest.create({ runId, ...request }))),
};

async function refusal(call: Call) {
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => toFloeError(thrown),
  );
  return { category: error?.category, field: error?.violations[0]?.field };
}

const PAGED = [
  'listRuns',
  'listTaskRuns',
  'listMetrics',
  'listArtifacts',
  'listFreshness',
] as const;

describe.each(PAGED)('%s', (method) => {
  test.each(Object.entries(TOKENS))('refuses a page token of %s', async (_, pageToken) => {
    expect(await refusal(calls[method]({ pageToken }))).toEqual({
      category: 'invalid',
      field: 'page_token',
    });
  });

  test('refuses a negative size and bounds a huge one', async () => {
    expect(await refusal(calls[method]({ pageSize: -1 }))).toEqual({
      category: 'invalid',
      field: 'page_size',
    });
    expect(await refusal(calls[method]({ pageSize: 2_147_483_647 }))).toEqual({});
  });
});

const TEXT_FIELDS = [
  ['listRuns', 'workflowName', 'workflow_name'],
  ['listRuns', 'groupId', 'group_id'],
  ['listFreshness', 'workflowName', 'workflow_name'],
  ['listMetrics', 'taskId', 'task_id'],
  ['listMetrics', 'name', 'name'],
  ['getLineage', 'dataset', 'dataset'],
  ['getLineage', 'column', 'column'],
  ['getImpact', 'dataset', 'dataset'],
  ['getImpact', 'column', 'column'],
  ['getWorkflowReport', 'workflowName', 'workflow_name'],
  ['tailLogs', 'taskId', 'task_id'],
  ['tailLogs', 'search', 'search'],
] as const;

test.each(TEXT_FIELDS)('%s refuses a %s that no text of Floe is', async (method, name, field) => {
  for (const text of Object.values(TEXTS)) {
    expect(await refusal(calls[method]({ [name]: text }))).toEqual({ category: 'invalid', field });
  }
  // Over the wire a lone surrogate is the sign of replacement, and SQL is a name like any other.
  for (const text of [HALF, SQL, '%', '_', String.raw`\x`, '(?:a+)+$']) {
    const { category } = await refusal(calls[method]({ [name]: text }));
    expect([undefined, 'not_found']).toContain(category);
  }
});

test.each(['listRuns', 'getWorkflowReport', 'tailLogs'] as const)(
  '%s refuses times that are none',
  async (method) => {
    for (const time of Object.values(TIMES)) {
      for (const [name, field] of [
        ['fromTime', 'from_time'],
        ['toTime', 'to_time'],
      ] as const) {
        const answer = await refusal(calls[method]({ [name]: time }));
        expect(answer).toEqual({ category: 'invalid', field });
      }
    }
  },
);

test('offsets that no stream has are refused', async () => {
  for (const afterSequence of [-1n, 2n ** 62n, -(2n ** 63n)]) {
    for (const method of ['tailLogs', 'watchRun'] as const) {
      expect((await refusal(calls[method]({ afterSequence }))).category).toBe('invalid');
    }
  }
});

test('levels, attempts, depths, directions, steps and ranges that are none are refused by name', async () => {
  const cases: readonly (readonly [Call, string])[] = [
    [calls.tailLogs({ level: 'loud' }), 'level'],
    [calls.tailLogs({ attempt: -1 }), 'attempt'],
    [calls.getLineage({ depth: 21 }), 'depth'],
    [calls.getLineage({ depth: -1 }), 'depth'],
    [calls.getLineage({ direction: messages.LineageDirection.UNSPECIFIED }), 'direction'],
    [calls.getLineage({ dataset: '' }), 'dataset'],
    [calls.getImpact({ depth: 2_147_483_647 }), 'depth'],
    [calls.getWorkflowReport({ fromTime: new Date(5), toTime: new Date(5) }), 'from_time'],
    [calls.listRuns({ states: [messages.RunState.UNSPECIFIED] }), 'states'],
    [calls.listFreshness({ states: [messages.FreshnessState.UNSPECIFIED] }), 'states'],
  ];
  for (const [call, field] of cases) {
    expect(await refusal(call)).toEqual({ category: 'invalid', field });
  }
});

test.each(['', 'nonsense', SQL, NUL, LONG, '../../etc/passwd', '01890a5d-ac96-774b-bcce'])(
  'what is no id is the id of nothing',
  async (id) => {
    const { client } = fixture;
    const asked: readonly Call[] = [
      () => client.getRun({ runId: id }),
      () => client.getRunReport({ runId: id }),
      () => client.getRunLineage({ runId: id }),
      () => client.compareRuns({ baseRunId: runId, otherRunId: id }),
      () => client.getArtifact({ artifactId: id }),
      () => collect(client.watchRun({ runId: id, afterSequence: 0n })),
      () => client.listMetrics(messages.ListMetricsRequest.create({ runId: id })),
    ];
    for (const call of asked) expect((await refusal(call)).category).toBe('not_found');
  },
);

test('the table that was to be dropped is still there', async () => {
  expect((await fixture.client.getRun({ runId })).run?.runId).toBe(runId);
});
