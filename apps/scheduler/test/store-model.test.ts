/**
 * Holds the simulation's model of the control database against the real one: the same committer does the same things
 * over both, and both must answer alike. What the model got wrong, no number of seeds would find.
 */
import { newRunState } from '@floe/engine';
import { migrate, openControlDatabase, type ControlDatabase } from '@floe/database';
import {
  LEASE_MS,
  RunCommitter,
  toRunPlan,
  type ExchangeRequest,
  type ExchangeResult,
  type NewRun,
  type RunRecord,
  type RunStore,
} from '@floe/scheduling';
import { openModelStore } from '@floe/simulation';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import type { Task, Workflow } from '@floe/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgRunStore } from '../src/store/pg-run-store.ts';

const RUN_A = '00000000-0000-7000-8000-00000000000a';
const RUN_B = '00000000-0000-7000-8000-00000000000b';

let postgres: TestPostgres;
let database: ControlDatabase;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase('floe');
  await migrate(url);
  database = openControlDatabase({
    url,
    role: 'floe_scheduler',
    applicationName: 'test',
    connectionsMax: 4,
  });
});

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

function task(id: string, change: Partial<Task>): Task {
  return {
    id,
    type: 'noop',
    description: '',
    inputs: [],
    needs: [],
    config: {},
    retries: { max: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, jitter: 0 },
    timeoutMs: 60_000,
    queueTimeoutMs: 60_000,
    pool: 'default',
    priority: 0,
    trigger: 'all_succeeded',
    ...change,
  };
}

const WORKFLOW: Workflow = {
  name: 'held',
  description: '',
  params: {},
  timeoutMs: 600_000,
  tasks: [
    task('first', { priority: 5 }),
    task('load', { type: 'postgres_load', needs: ['first'] }),
    task('beside', {}),
    task('last', { needs: ['load', 'beside'] }),
  ],
};

const LOAD = { lane: 'slot', commitsOnce: true } as const;
const LIGHT = { lane: 'light' } as const;
const PLAN = toRunPlan(WORKFLOW, (type) => (type === 'postgres_load' ? LOAD : LIGHT));

function newRun(runId: string, requestId: string): NewRun {
  const { timeoutMs } = WORKFLOW;
  const record: RunRecord = {
    runId,
    workflowName: WORKFLOW.name,
    workflowVersion: 1,
    generation: 1,
    depth: 0,
    trigger: 'manual',
    parameters: {},
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    revision: 1,
    eventSequence: 0,
    plan: PLAN,
    state: newRunState(PLAN.graph, { now: 0, timeoutMs }),
    details: WORKFLOW.tasks.map((_, index) => ({
      spanId: `00f067aa0ba902b${index}`,
      rows: 0,
      bytes: 0,
      peakMemoryBytes: 0,
    })),
    rowsLoaded: 0,
  };
  return { record, requestId, requestDigest: 'digest' };
}

type Offer = Partial<ExchangeRequest> & { readonly token: string };

function exchange({ token, ...offer }: Offer): ExchangeRequest {
  return {
    executorId: 'executor-1',
    pool: 'default',
    tokenHash: token,
    isRepeated: false,
    free: { slot: 1, light: 2 },
    finished: [],
    ...offer,
  };
}

function finished(
  runId: string,
  taskId: string,
  token: string,
): ExchangeRequest['finished'][number] {
  const result = { rows: 7, bytes: 70, peakMemoryBytes: 700 };
  const outcome = { kind: 'succeeded' } as const;
  return { runId, input: { type: 'finish', taskId, epoch: 1, tokenHash: token, outcome, result } };
}

function told({ accepted, leases, moreReady }: ExchangeResult) {
  const given = leases.map(({ record, task: index, epoch }) => `${record.runId}/${index}/${epoch}`);
  return { accepted, given, moreReady };
}

/** What of a run can be compared: everything but its times. */
function shape(record: RunRecord | undefined) {
  if (record === undefined) return undefined;
  const { state, revision, eventSequence, rowsLoaded, details } = record;
  return {
    revision,
    eventSequence,
    rowsLoaded,
    status: state.status,
    tasks: state.tasks.map(({ status, epoch, attempts, losses }, index) => {
      const { rows, bytes, executorId = 'nobody', lastEnd } = details[index]!;
      return { status, epoch, attempts, losses, rows, bytes, executorId, end: lastEnd?.end };
    }),
  };
}

/** Everything that is asked of a store, in one life of two runs. */
async function tellLife(store: RunStore): Promise<unknown[]> {
  const lines: unknown[] = [];
  const planOf = () => Promise.resolve(PLAN);
  let spans = 0;
  const newSpanId = () => `00f067aa0ba9${String((spans += 1)).padStart(4, '0')}`;
  const chance = { random: () => 0, newSpanId };
  const log = { info() {}, warn() {}, error() {} };
  const open = () => new RunCommitter({ store, planOf, chance, log, onCommitted: () => {} });
  const committer = open();
  const load = (runId: string) => store.transaction((tx) => tx.loadRun(runId, planOf));
  const say = (what: string, value: unknown) => lines.push([what, value]);

  say('created', (await committer.create(newRun(RUN_A, 'request-a'))).kind);
  say('the same request', (await committer.create(newRun(RUN_B, 'request-a'))).kind);
  say('another request', (await committer.create(newRun(RUN_B, 'request-b'))).kind);
  const lanes = await store.findWaiting(0, 8);
  say(
    'waiting',
    lanes.toSorted((left, right) => (left.lane < right.lane ? -1 : 1)),
  );
  say('first', told(await committer.exchange(exchange({ token: 'one' }))));
  // The answer was lost, and another scheduler without a memory of the run is asked again.
  say('again', told(await open().exchange(exchange({ token: 'one', isRepeated: true }))));
  const forged = exchange({ token: 'two', finished: [finished(RUN_A, 'first', 'forged')] });
  say('forged', told(await committer.exchange({ ...forged, free: { slot: 0, light: 0 } })));
  const ends = [finished(RUN_A, 'first', 'one'), finished(RUN_B, 'first', 'one')];
  say('handed over', told(await open().exchange(exchange({ token: 'three', finished: ends }))));
  say('told twice', told(await committer.exchange(exchange({ token: 'four', finished: ends }))));
  const renewals = ['one', 'three'].map((tokenHash) => {
    return { runId: RUN_A, taskId: 'load', epoch: 1, tokenHash, rows: 1, bytes: 10 };
  });
  const held = async () =>
    (await store.renewLeases(renewals, LEASE_MS)).map(({ isHeld, isCancelled }) => ({
      isHeld,
      isCancelled,
    }));
  say('renewed', await held());
  say('expired', await store.findExpiredLeases(0, 10));
  say('cancelled', (await committer.submit(RUN_A, { type: 'cancel', reason: 'enough' })).kind);
  say('renewed while cancelling', await held());
  say(
    'lost',
    (await committer.submit(RUN_B, { type: 'lost', task: 1, epoch: 1, reason: 'x' })).kind,
  );
  // It is silent, so its load is ruled out before the run ends, by whoever asks next, and without a worker.
  say('stopped', (await committer.submit(RUN_B, { type: 'cancel', reason: 'enough' })).kind);
  const ruling = exchange({ token: 'five', free: { slot: 0, light: 2 } });
  say('ruled out', told(await open().exchange(ruling)));
  const fifth = { runId: RUN_B, taskId: 'load', epoch: 2, tokenHash: 'five', rows: 0, bytes: 0 };
  const [voiding] = await store.renewLeases([fifth], LEASE_MS);
  say('renewed while ruling out', [voiding?.isHeld, voiding?.isCancelled]);
  const isVoid = { type: 'finish', taskId: 'load', epoch: 2, tokenHash: 'five' } as const;
  const outcome = { kind: 'succeeded', isVoid: true } as const;
  const result = { rows: 0, bytes: 0, peakMemoryBytes: 0 };
  say('void', (await open().submit(RUN_B, { ...isVoid, outcome, result })).kind);
  say('unknown', (await committer.submit(`${RUN_A.slice(0, -1)}f`, { type: 'wake' })).kind);
  const kinds = ['event', 'stop', 'trace'] as const;
  const rows = await store.adoptOutbox({ kinds, olderThanMs: -1_000, limit: 100 });
  say(
    'outbox',
    rows.map(({ kind, runId, payload }) => ({ kind, runId, payload })),
  );
  for (const row of rows.filter(({ kind }) => kind === 'event')) {
    const events = await store.readEvents(row, planOf);
    say(
      'events',
      events?.batch.events.map(({ type }) => type),
    );
  }
  await store.deleteOutbox(rows.map(({ id }) => id));
  say('deleted', (await store.adoptOutbox({ kinds, olderThanMs: -1_000, limit: 100 })).length);
  for (const runId of [RUN_A, RUN_B]) say(runId, shape(await load(runId)));
  return lines;
}

test('the model answers as PostgreSQL does', async () => {
  const model = openModelStore();
  const modelled = await model.finish(tellLife(model.store));
  const real = await tellLife(pgRunStore(database));
  expect(modelled).toEqual(real);
  expect(real.length).toBeGreaterThan(20);
});
