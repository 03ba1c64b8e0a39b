/** Loads into what is no common table, or answers in uncommon ways: each is right, or refused in words and without a trace. */
import type { FloeError } from '@floe/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type TestContext, createContext } from './task-context.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await sql(`
    create table base (id int primary key, v text not null default 'd', twice int generated always as (id * 2) stored);
    create view narrowed as select id, v from base where id < 100 with check option;
    create materialized view stored as select * from base;
    create sequence counter;
    create type point_of as (id int);
    create table sold (id int, k text, primary key (id)) partition by range (id);
    create table sold_a partition of sold for values from (0) to (100);
    create table "Sel""ect.x" ("select" int primary key, "A b" text, "a,b" text, unique ("a,b", "A b"));
    create domain filled as text not null;
    create table of_domain (id int, t filled);
    create table by_number (n numeric primary key, x int);
    create table texts (id int, j jsonb, pin text);
    create unique index on texts (lower(pin));
    create function refuse() returns trigger language plpgsql as
      $$ begin if new.id = 3 then raise exception 'no threes' using hint = 'use four'; end if; return new; end $$;
    create table guarded (id int primary key);
    create trigger refuse before insert on guarded for each row execute function refuse()`);
});
afterAll(() => database.stop());

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  return database.session.query(text);
}

type Given = { readonly config: Record<string, unknown>; readonly masked?: readonly string[] };

async function contextFor(query: string, { config, masked }: Given): Promise<TestContext> {
  const { folder, address } = database;
  const extract = createContext({ folder, address, config: { connection: 'c', query } });
  const { dataset } = await runPostgresExtract(extract);
  return createContext({
    folder,
    address,
    inputs: [{ taskId: 'rows', dataset: dataset! }],
    config: { connection: 'c', mode: 'append', ...config },
    ...(masked !== undefined && { masked }),
  });
}

const load = async (query: string, config: Record<string, unknown>) =>
  runPostgresLoad(await contextFor(query, { config }));

const REFUSED: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  [
    'select 1 as id',
    { table: 'stored' },
    { code: 'TABLE_NOT_FOUND', message: expect.stringContaining('a materialized view') },
  ],
  [
    'select 1 as id',
    { table: 'base_pkey', mode: 'upsert', key: ['id'], create: true },
    { code: 'TABLE_NOT_FOUND', message: expect.stringContaining('an index') },
  ],
  [
    'select 1 as id',
    { table: 'counter' },
    { code: 'TABLE_NOT_FOUND', message: expect.stringContaining('a sequence') },
  ],
  [
    'select 1 as id',
    { table: 'point_of' },
    { code: 'TABLE_NOT_FOUND', message: expect.stringContaining('a composite type') },
  ],
  [
    'select 1 as id',
    { table: 'narrowed', mode: 'truncate' },
    { hint: expect.stringContaining('mode: replace') },
  ],
  [
    'select 1 as id',
    { table: 'narrowed', mode: 'upsert', key: ['id'] },
    { code: 'COLUMN_MISMATCH', hint: 'name the table behind it' },
  ],
  [
    `select 500 as id, 'x' as v`,
    { table: 'narrowed' },
    { code: 'CONSTRAINT_VIOLATED', message: expect.not.stringContaining('Failing row') },
  ],
  [
    'select i as id from generate_series(98, 102) i',
    { table: 'sold' },
    { code: 'CONSTRAINT_VIOLATED', details: { row: '3' } },
  ],
  ['select 7 as twice, 1 as id', { table: 'base' }, { code: 'COLUMN_MISMATCH' }],
  [
    'select 1 as id',
    { table: 'pg_temp.made', create: true },
    { code: 'QUERY_FAILED', message: expect.stringContaining('a temporary one') },
  ],
  [
    'select 1 as id',
    { table: 'of_domain' },
    { code: 'CONSTRAINT_VIOLATED', message: expect.stringContaining('does not allow null values') },
  ],
  [
    'select i as id from generate_series(1, 5) i',
    { table: 'guarded' },
    {
      code: 'QUERY_FAILED',
      message: expect.stringContaining('row 3 of the load does not fit table "guarded": no threes'),
      hint: 'use four',
    },
  ],
  [
    String.raw`select '{"a": "\u0000"}' as j`,
    { table: 'texts' },
    { code: 'VALUE_INVALID', details: { row: '1', columns: 'j' } },
  ],
  [
    `select i as "select", 't' as "A b", 'x' as "a,b" from generate_series(2, 3) i`,
    { table: '"Sel""ect.x"' },
    { code: 'CONSTRAINT_VIOLATED', details: { row: '2', values: 'A b = "t", a,b = "x"' } },
  ],
  [
    `select '1.0' as n, 1 as x union all select '1.00', 2`,
    { table: 'by_number', mode: 'upsert', key: ['n'] },
    { code: 'DUPLICATE_KEY', message: expect.stringContaining('2 times') },
  ],
];

test.each(REFUSED)('%s into %j is refused in words, and leaves nothing', async (...given) => {
  const [query, config, expected] = given;
  await expect(load(query, config)).rejects.toMatchObject(expected);
  const [left] = await sql(`
    select (select count(*)::int from base) as base, (select count(*)::int from sold) as sold,
           (select count(*)::int from of_domain) as of_domain, (select count(*)::int from guarded) as guarded,
           (select count(*)::int from texts) as texts, (select count(*)::int from by_number) as by_number,
           (select count(*)::int from "Sel""ect.x") as quoted,
           (select count(*)::int from pg_tables where schemaname = 'floe_load' and tablename like 'stg%') as staging`);
  expect(new Set(Object.values(left!))).toEqual(new Set([0]));
});

test('a value that is masked under its name in the dataset is masked under that in the table, and in expressions', async () => {
  await sql(`insert into texts (id, pin) values (1, 'ABC')`);
  const copied = { config: { table: 'texts', columns: { code: 'pin' } }, masked: ['code'] };
  const query = `select 2 as id, 'abc' as code`;
  const upsert = { table: 'by_text', mode: 'upsert', key: ['pin'], columns: { code: 'pin' } };
  await sql('create table by_text (id int, pin text primary key)');
  const cases = [
    await contextFor(query, copied),
    await contextFor(`${query} union all ${query}`, { ...copied, config: upsert }),
  ];
  for (const context of cases) {
    const failure: FloeError = await runPostgresLoad(context).catch((thrown) => thrown);
    expect(failure.category).toBe('invalid');
    expect(`${failure.message}${JSON.stringify(failure.details)}`).not.toContain('abc');
    expect(failure.message).toContain('***');
  }
  await sql('truncate texts');
});

test('a table of 1,600 columns is extracted, loaded, merged and made', async () => {
  const columns = Array.from({ length: 1_600 }, (_, index) => `c${index} int`).join(', ');
  await sql(`create table wide (${columns}); insert into wide (c0, c1599) values (1, 2), (3, 4);
    create table merged (like wide, unique (c0)); insert into merged (c0) values (1)`);
  await load('select * from wide', { table: 'merged', mode: 'upsert', key: ['c0'] });
  await load('select * from wide', { table: 'made', create: true });
  await load('select * from wide', { table: 'made', mode: 'replace' });
  for (const table of ['merged', 'made'])
    expect(await sql(`select c0, c1, c1599 from ${table} order by 1`)).toEqual([
      { c0: 1, c1: null, c1599: 2 },
      { c0: 3, c1: null, c1599: 4 },
    ]);
});
