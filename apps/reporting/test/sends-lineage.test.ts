/**
 * OpenLineage over HTTP and NATS: from the rows and events of runs to what a collector is sent. The bug it hunts: a
 * collector that is away or refuses, and a run whose lineage is then lost, sent for ever, or waited for.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openControlDatabase, type ControlDatabase } from '@floe/database';
import type { BusSubscription } from '@floe/bus';
import { createLogger } from '@floe/telemetry';
import type { RunEvent } from '@floe/openlineage';
import { checkEvent } from '@floe/openlineage/specification';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LineageLane } from '../src/openlineage/lineage-lane.ts';
import { lineageUrl } from '../src/openlineage/post-event.ts';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { openOfficialSchemas } from './official-schemas.ts';
import { storeEdges, storeVersion } from './stored-workflow.ts';
import { storeRun } from './stored-run.ts';

const SHOP = 'postgres://db:5432/shop';
const AT = Date.now() - 60_000;
const WITHIN = { timeout: 20_000, interval: 20 };

type Taken = { readonly path: string; readonly key: string | undefined; readonly event: RunEvent };

const taken: Taken[] = [];
const heard: string[] = [];
let listening: BusSubscription;
/** What the collector answers next; 201 when there is nothing more. */
const answers: number[] = [];
let fixture: Fixture;
let reader: ControlDatabase;
let collector: Server;
let lane: LineageLane;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

beforeAll(async () => {
  fixture = await startFixture();
  const { databaseUrl: url } = fixture;
  const open = (role: 'floe_metadata' | 'floe_reporting') =>
    openControlDatabase({ url, role, applicationName: 'test', connectionsMax: 2 });
  await using metadata = {
    db: open('floe_metadata'),
    [Symbol.asyncDispose]: () => metadata.db.close(),
  };
  await storeVersion(metadata.db.db, {
    name: 'totals',
    document: {
      tasks: [
        {
          id: 'orders',
          type: 'postgres_extract',
          inputs: [],
          config: { query: 'select * from orders' },
        },
        { id: 'wait', type: 'sleep', inputs: [], config: {} },
        { id: 'store', type: 'postgres_load', inputs: ['orders'], config: {} },
      ],
    },
  });
  await storeEdges(metadata.db.db, [
    {
      workflow: 'totals',
      task: 'store',
      from: [`${SHOP}/public.orders`, 'amount'],
      to: [`${SHOP}/analytics.totals`, 'total'],
    },
  ]);
  collector = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const status = answers.shift() ?? 201;
      const key = request.headers.authorization;
      if (status === 201)
        taken.push({ path: request.url ?? '', key, event: JSON.parse(body) as RunEvent });
      response.writeHead(status).end();
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  listening = fixture.bus.subscribeLineage(({ workflow, runId, type }) => {
    heard.push(`${workflow} ${runId} ${type}`);
  });
  reader = open('floe_reporting');
  const { port } = collector.address() as AddressInfo;
  const log = createLogger('test', { level: 'silent' });
  lane = new LineageLane({
    bus: fixture.bus,
    db: reader.db,
    log,
    endpoint: { url: lineageUrl(`http://127.0.0.1:${port}`), apiKey: 'secret' },
    jobNamespace: 'floe',
    producer: 'urn:floe:reporting:test',
  });
  // Its place in the stream begins with its first look.
  await delay(1_000);
});

afterAll(async () => {
  await lane[Symbol.asyncDispose]();
  listening.stop();
  collector.close();
  await reader.close();
  await fixture.stop();
});

async function say(runId: string, event: string, sequence: number): Promise<void> {
  const id = `${runId}-${sequence}`;
  const rest = { sequence, timeMs: Date.now(), data: {} };
  await fixture.bus.publishEvent({ id, workflow: 'totals', runId, entity: 'run', event, ...rest });
}

function storeTotals(failure?: object): Promise<string> {
  const state = failure === undefined ? 'succeeded' : 'failed';
  const done = { state: 'succeeded', startedAt: AT + 10, endedAt: AT + 500 };
  const schema = [{ name: 'amount', type: { kind: 'int64' } }];
  return storeRun(fixture.db, {
    workflowName: 'totals',
    state,
    ...(failure && { failure }),
    createdAt: AT,
    endedAt: AT + 1_000,
    tasks: [
      {
        taskId: 'orders',
        type: 'postgres_extract',
        rows: 7,
        bytes: 56,
        dataset: { uri: 'file:///x', rows: 7, bytes: 56, schema },
        ...done,
      },
      { taskId: 'wait', type: 'sleep', ...done },
      {
        taskId: 'store',
        type: 'postgres_load',
        rows: 7,
        bytes: 56,
        ...done,
        endedAt: AT + 900,
        ...(failure && { state, failure }),
      },
    ],
  });
}

const toldOf = (runId: string) =>
  taken.filter(({ event }) => {
    const parent = event.run.facets['parent'] as { run?: { runId?: string } } | undefined;
    return event.run.runId === runId || parent?.run?.runId === runId;
  });

const namesOf = (runId: string) =>
  toldOf(runId).map(({ event }) => `${event.job.name} ${event.eventType}`);

const ALL = [
  'totals START',
  'totals.orders START',
  'totals.store START',
  'totals.orders COMPLETE',
  'totals.store COMPLETE',
  'totals COMPLETE',
];

test('a run that ended is told whole, with what its tasks read and wrote', async () => {
  const runId = await storeTotals();
  await say(runId, 'succeeded', 1);
  await vi.waitFor(() => expect(namesOf(runId)).toEqual(ALL), WITHIN);
  const [first] = toldOf(runId);
  expect(first).toMatchObject({ path: '/api/v1/lineage', key: 'Bearer secret' });
  const store = toldOf(runId).find(
    ({ event }) => event.job.name === 'totals.store' && event.eventType === 'COMPLETE',
  );
  expect(store?.event.outputs).toMatchObject([
    {
      namespace: 'postgres://db:5432',
      name: 'shop.analytics.totals',
      facets: {
        schema: { fields: [{ name: 'amount', type: 'Int64' }] },
        columnLineage: {
          fields: { total: { inputFields: [{ name: 'shop.public.orders', field: 'amount' }] } },
        },
      },
      outputFacets: { outputStatistics: { rowCount: 7, size: 56 } },
    },
  ]);
  const orders = toldOf(runId).find(({ event }) => event.job.name === 'totals.orders');
  expect(orders?.event.inputs).toMatchObject([{ name: 'shop.public.orders' }]);
  expect(orders?.event.job.facets['sql']).toMatchObject({ query: 'select * from orders' });
  await vi.waitFor(() => expect(heard).toContain(`totals ${runId} COMPLETE`), WITHIN);
});

test('a run that began is told at once', async () => {
  const runId = await storeRun(fixture.db, { workflowName: 'totals' });
  await say(runId, 'started', 1);
  await vi.waitFor(() => expect(namesOf(runId)).toEqual(['totals START']), WITHIN);
});

test('a collector that is busy is asked again, and one that refuses for good is not', async () => {
  answers.push(503, 429);
  const busy = await storeTotals();
  await say(busy, 'succeeded', 1);
  await vi.waitFor(() => expect(namesOf(busy)).toEqual(ALL), WITHIN);
  answers.push(422);
  const refused = await storeTotals();
  await say(refused, 'succeeded', 1);
  const next = await storeTotals();
  await say(next, 'succeeded', 1);
  await vi.waitFor(() => expect(namesOf(next)).toEqual(ALL), WITHIN);
  expect(namesOf(refused)).toEqual([]);
});

test('rows that a replica does not show yet are waited for', async () => {
  const runId = await storeTotals();
  await fixture.db.deleteFrom('task_run').where('run_id', '=', runId).execute();
  await fixture.db.deleteFrom('run').where('run_id', '=', runId).execute();
  await say(runId, 'succeeded', 1);
  await delay(300);
  expect(namesOf(runId)).toEqual([]);
  const now = new Date(AT);
  await fixture.db
    .insertInto('run')
    .values({
      run_id: runId,
      workflow_name: 'totals',
      workflow_version: 1,
      state: 'succeeded',
      trigger: 'manual',
      parameters: '{}',
      created_at: now,
      started_at: now,
      ended_at: now,
      deadline_at: now,
      trace_id: 'a'.repeat(32),
      span_id: 'b'.repeat(16),
      trace_flags: 1,
    })
    .execute();
  await vi.waitFor(
    () => expect(namesOf(runId)).toEqual(['totals START', 'totals COMPLETE']),
    WITHIN,
  );
});

/** As the scheduler leaves a run that a schedule started. */
async function giveSlot(runId: string): Promise<void> {
  const [at, requestId] = [new Date(AT), `nightly-${runId}`];
  const started = { trigger: 'schedule', request_id: requestId };
  await fixture.db.updateTable('run').set(started).where('run_id', '=', runId).execute();
  await fixture.db
    .insertInto('schedule_slot')
    .values({
      schedule_id: 'totals/nightly',
      slot_at: at,
      due_at: at,
      start_at: at,
      state: 'fired',
      request_id: requestId,
      run_id: runId,
      tzdata_version: '2026a',
    })
    .execute();
}

/** Every facet of an event, wherever it stands. */
function facetsOf({ run, job, inputs, outputs }: RunEvent) {
  const ofDatasets = [...inputs, ...outputs].map(({ facets }) => facets);
  const ofOutputs = outputs.map(({ outputFacets }) => outputFacets);
  return [run.facets, job.facets, ...ofDatasets, ...ofOutputs].flatMap((facets) =>
    Object.entries(facets),
  );
}

test('every event that was sent, and every facet of it, is as the specification wants it', async () => {
  const failed = await storeTotals({ code: 'QUERY_FAILED', message: 'no such table' });
  await giveSlot(failed);
  await say(failed, 'failed', 1);
  await vi.waitFor(() => expect(namesOf(failed)).toContain('totals FAIL'), WITHIN);
  const official = openOfficialSchemas();
  const checked = new Set<string>();
  for (const { event } of taken) {
    expect([...checkEvent(event), ...(await official(event.schemaURL, event))]).toEqual([]);
    for (const [name, facet] of facetsOf(event)) {
      expect(await official(facet._schemaURL, facet), name).toEqual([]);
      checked.add(name);
    }
  }
  expect([...checked].toSorted()).toEqual([
    'columnLineage',
    'errorMessage',
    'jobType',
    'nominalTime',
    'outputStatistics',
    'parent',
    'schema',
    'sql',
  ]);
  const broken = { ...taken[0]!.event, eventTime: 'yesterday' };
  expect(checkEvent(broken)).not.toEqual([]);
}, 60_000);
