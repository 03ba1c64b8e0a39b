/** Holds the simulation's model of schedules and backfills against PostgreSQL, as `store-model.test.ts` does for runs. */
import { migrate, openControlDatabase, type ControlDatabase } from '@floe/database';
import { openModelStore } from '@floe/simulation';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertBackfill } from '../src/store/schedules/backfills.ts';
import { pgScheduleStore } from '../src/store/schedules/pg-schedule-store.ts';
import { pgRunStore } from '../src/store/pg-run-store.ts';
import { committersOf, newRun, planFor, task } from './model-life.ts';
import { OFTEN, SCHEDULE_ID, tellScheduleLife, type Told } from './model-schedule-life.ts';

const WORKFLOW = { name: 'followed', description: '', params: {}, timeoutMs: 600_000 };
const PLAN = planFor({ ...WORKFLOW, tasks: [task('only', {})] });
const BACKFILL = {
  schedule_id: SCHEDULE_ID,
  workflow_name: 'followed',
  definition: OFTEN,
  only_missing: true,
  max_active: 2,
  total_slots: 4,
  request_id: null,
  request_digest: 'digest',
};

let postgres: TestPostgres;
let database: ControlDatabase;
let metadata: ControlDatabase;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase('floe');
  await migrate(url);
  const open = (role: 'floe_scheduler' | 'floe_metadata') =>
    openControlDatabase({ url, role, applicationName: 'test', connectionsMax: 4 });
  database = open('floe_scheduler');
  metadata = open('floe_metadata');
});

afterAll(async () => {
  await database?.close();
  await metadata?.close();
  await postgres?.stop();
});

const runOf: Told['runOf'] = (runId, requestId) => newRun(PLAN, runId, requestId);

function toldByPostgres(): Told {
  const { db } = database;
  return {
    store: pgScheduleStore(db, 'test'),
    committer: committersOf(pgRunStore(database), PLAN)(),
    runOf,
    async define() {
      const workflow = { name: 'followed', latest_version: 1, task_count: 1 };
      await metadata.db.insertInto('workflow').values(workflow).execute();
      const text = `insert into schedule (schedule_id, workflow_name, name, definition, is_paused)
        values ($1, 'followed', 'often', $2, false)`;
      const values = [SCHEDULE_ID, JSON.stringify(OFTEN)];
      await metadata.db.executeQuery(CompiledQuery.raw(text, values));
    },
    async backfill(id, { from, to }) {
      const range = { from: new Date(from), to: new Date(to) };
      await insertBackfill(db, { ...BACKFILL, backfill_id: id, ...range });
    },
  };
}

test('the model follows schedules and backfills as PostgreSQL does', async () => {
  const { store, schedules, tables, now, finish } = openModelStore();
  const said = { scheduleId: SCHEDULE_ID, workflowName: 'followed', definition: OFTEN };
  const modelled = await finish(
    tellScheduleLife({
      store: schedules,
      committer: committersOf(store, PLAN)(),
      runOf,
      async define() {
        const changed = { revision: 1, isPaused: false, changedAt: now() };
        tables.schedules.set(SCHEDULE_ID, { ...said, ...changed });
      },
      async backfill(backfillId, { from, to }) {
        const range = { fromAt: from, toAt: to, cursorAt: from, createdAt: now() };
        const asked = { onlyMissing: true, maxActive: 2, state: 'running' } as const;
        tables.backfills.set(backfillId, { backfillId, ...said, ...asked, ...range });
      },
    }),
  );
  const real = await tellScheduleLife(toldByPostgres());
  expect(modelled).toEqual(real);
  expect(real.length).toBeGreaterThan(25);
});
