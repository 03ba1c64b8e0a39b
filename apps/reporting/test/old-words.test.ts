// Hunts a word for a state that differs from one reader to another: the lists filter by states, the views say words.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControlDatabase } from '@floe/database';
import { sql } from 'kysely';
import { STATES_OF_WORD } from '../src/store/legacy/status-words.ts';
import { startFixture, type Fixture } from './reporting-fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

test('every state of a run has the word in SQL that lists filter by', async () => {
  const { rows } = await sql<{ state: string; word: string | null }>`
    select state, floe.old_status(state) as word
    from unnest(array['queued', 'running', 'paused', 'cancelling', 'succeeded', 'failed', 'cancelled', 'timed_out']) state
  `.execute(fixture.db);
  const words = Object.entries(STATES_OF_WORD).flatMap(([word, states]) =>
    states.map((state) => [state, word]),
  );
  expect(Object.fromEntries(rows.map(({ state, word }) => [state, word]))).toEqual(
    Object.fromEntries(words),
  );
  expect(rows).toHaveLength(words.length);
});

test('a page of the views is read by the ids of its runs', async () => {
  await using owned = new AsyncDisposableStack();
  const database = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_reporting',
    applicationName: 'test-reporting',
    connectionsMax: 1,
  });
  owned.defer(() => database.close());
  const plan = await database.db.transaction().execute(async (tx) => {
    // Small tables are read as a whole, whatever there is.
    await sql`set local enable_seqscan = off`.execute(tx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select * from (select run_id from run order by run_id desc limit 20) wanted
      cross join lateral (select * from workflow_run_stats where floe_run_id = wanted.run_id limit 1) s
      cross join lateral (select count(*) from run_node n where n.run_id = s.floe_run_id) n`.execute(
      tx,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect(plan).toMatch(/Index Cond: \(run_id = (run|wanted)/);
  expect(plan).toMatch(/Index Cond: \(run_id = r\w*\.run_id\)/);
  expect(plan).not.toMatch(/Seq Scan on (run|task_run)/);
});
