/** Hunts loads that a user's rights allow and Floe does not, and refusals that do not say which right is missing. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

let database: TestDatabase;
let rows: DatasetReference;
beforeAll(async () => {
  database = await startTestDatabase();
  const { folder, address } = database;
  const config = { connection: 'c', query: `select 1 as id, 'new' as name` };
  rows = (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
  await sql(`create role clerk login password 'clerk'; create role maker login password 'maker';
    grant create on database postgres to maker`);
  // Whoever loads first makes the ledger, and owns it.
  await sql('create table first (id int, name text); grant insert on first to maker');
  await load({ table: 'first' }, 'maker');
});
afterAll(() => database.stop());
beforeEach(async () => {
  await sql(`drop table if exists guarded;
    create table guarded (id int primary key, name text, amount numeric(3, 1), "Pay Day" date);
    grant all on schema floe_load to clerk; grant all on floe_load.load_commit to clerk`);
});

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  return database.session.query(text);
}

function load(config: Record<string, unknown>, user: string) {
  const { folder, address } = database;
  return runPostgresLoad(
    createContext({
      folder,
      address: { ...address, user, password: user },
      inputs: [{ taskId: 'rows', dataset: rows }],
      config: { connection: 'c', table: 'guarded', mode: 'append', ...config },
    }),
  );
}

const UPSERT = { mode: 'upsert', key: ['id'] };

test.each([
  ['insert (id, name)', {}],
  ['insert (id, name), update (name), select (id, name)', UPSERT],
  ['insert (id, name), select (id)', { ...UPSERT, update: [] }],
  ['insert (id, amount)', { columns: { name: 'amount' }, convert: true }],
  ['insert, delete', { mode: 'replace' }],
  ['insert, truncate', { mode: 'truncate' }],
])('who may %s loads with %j: no more is asked for', async (rights, config) => {
  await sql(`grant ${rights} on guarded to clerk`);
  // A name is no number: what PostgreSQL refuses here is the row, not the user.
  const isRefused = 'convert' in config;
  const outcome = await load(config, 'clerk').catch((thrown: unknown) => thrown);
  if (isRefused) expect(outcome).toMatchObject({ code: 'VALUE_INVALID', details: { row: '1' } });
  else expect(outcome).toMatchObject({ rows: 1 });
  const loaded = isRefused ? [] : [{ id: 1, name: 'new' }];
  expect(await sql('select id, name from guarded')).toEqual(loaded);
});

test.each([
  [
    'insert (id)',
    { columns: { name: 'Pay Day' }, convert: true },
    'grant insert ("Pay Day") on guarded',
  ],
  ['insert (id, name), update (id)', UPSERT, 'grant update (name), select on guarded'],
  ['insert', { mode: 'replace' }, 'grant delete on guarded'],
  ['insert', { mode: 'truncate' }, 'grant truncate on guarded'],
  ['select', {}, 'grant insert on guarded'],
])('who may only %s is told of %j what is missing: %s', async (rights, config, grant) => {
  await sql(`grant ${rights} on guarded to clerk`);
  await expect(load(config, 'clerk')).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    hint: `${grant} to the user of the connection`,
  });
  expect(await sql('select from guarded')).toEqual([]);
});

test('who may not use the ledger that another made is told what is missing', async () => {
  await sql('grant insert on guarded to clerk; revoke update on floe_load.load_commit from clerk');
  await expect(load({}, 'clerk')).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    hint: expect.stringContaining('grant select, insert, update on floe_load.load_commit'),
  });
  await sql('revoke all on schema floe_load from clerk');
  await expect(load({}, 'clerk')).rejects.toMatchObject({
    hint: expect.stringContaining('grant usage, create on schema floe_load'),
  });
});
