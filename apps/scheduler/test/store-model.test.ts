/**
 * Holds the simulation's model of the control database against the real one: the same committer does the same things
 * over both, and both must answer alike. What the model got wrong, no number of seeds would find.
 */
import { migrate, openControlDatabase, type ControlDatabase } from '@floe/database';
import { LEASE_MS, type RunStore } from '@floe/scheduling';
import { openModelStore } from '@floe/simulation';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import type { Workflow } from '@floe/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgRunStore } from '../src/store/pg-run-store.ts';
import {
  committersOf,
  exchange,
  finished,
  newRun,
  planFor,
  shape,
  task,
  told,
} from './model-life.ts';
import { tellBroadLife } from './model-broad-life.ts';

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

const PLAN = planFor(WORKFLOW);

/** Everything that is asked of a store, in one life of two runs. */
async function tellLife(store: RunStore): Promise<unknown[]> {
  const lines: unknown[] = [];
  const planOf = () => Promise.resolve(PLAN);
  const open = committersOf(store, PLAN);
  const committer = open();
  const load = (runId: string) => store.transaction((tx) => tx.loadRun(runId, planOf));
  const say = (what: string, value: unknown) => lines.push([what, value]);

  say('created', (await committer.create(newRun(PLAN, RUN_A, 'request-a'))).kind);
  say('the same request', (await committer.create(newRun(PLAN, RUN_B, 'request-a'))).kind);
  say('another request', (await committer.create(newRun(PLAN, RUN_B, 'request-b'))).kind);
  const lanes = await store.findWaiting(0, 8);
  say(
    'waiting',
    lanes.toSorted((left, right) => (left.lane < right.lane ? -1 : 1)),
  );
  say('late', told(await committer.exchange(exchange({ token: 'zero', answerBy: 1 }))));
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
  say('nobody has claimed', await store.findUnclaimedVoids(-1_000, 10));
  const ruling = exchange({ token: 'five', free: { slot: 0, light: 2 } });
  say('ruled out', told(await open().exchange(ruling)));
  const fifth = { runId: RUN_B, taskId: 'load', epoch: 2, tokenHash: 'five', rows: 0, bytes: 0 };
  const [voiding] = await store.renewLeases([fifth], LEASE_MS);
  say('renewed while ruling out', [voiding?.isHeld, voiding?.isCancelled]);
  say('claimed', await store.findUnclaimedVoids(-1_000, 10));
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

test('the model has items, answers, children and places of keys as PostgreSQL has', async () => {
  const model = openModelStore();
  const modelled = await model.finish(tellBroadLife(model.store));
  const real = await tellBroadLife(pgRunStore(database));
  expect(modelled).toEqual(real);
  expect(real).toContainEqual(['ended', 'succeeded']);
});
