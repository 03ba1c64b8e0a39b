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
    create trigger refuse before insert on guarded for each row execute function refuse();
    create table part (id int, v text, w text, unique (id) deferrable);
    create unique index part_v on part (v) where w is not null;
    create unique index part_w on part (lower(w));
    create table ruled (id int primary key);
    create rule twice as on insert to ruled do also notify twice;
    create view counted as select count(*)::int as id from base;
    create table used (id int primary key);
    insert into used values (1);
    create table user_of (id int references used);
    insert into user_of values (1);
    create table folded (k text primary key, x int);
    create function fold() returns trigger language plpgsql as $$ begin new.k := lower(new.k); return new; end $$;
    create trigger fold before insert on folded for each row execute function fold();
    create table short (v varchar(3), p point)`);
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
  [
    `select 'A' as k, 1 as x union all select 'a', 2`,
    { table: 'folded', mode: 'upsert', key: ['k'] },
    { code: 'DUPLICATE_KEY', message: expect.stringContaining('after its triggers') },
  ],
  ...(
    [
      ['id', 'part', 'index "part_id_key" is deferrable'],
      ['v', 'part', 'index "part_v" holds only where (w IS NOT NULL)'],
      ['w', 'part', 'index "part_w" is on an expression'],
    ] as const
  ).map(
    ([column, table, why]) =>
      [
        `select '1'::text as v, '1'::text as w, 1 as id`,
        { table, mode: 'upsert', key: [column] },
        { code: 'COLUMN_MISMATCH', message: expect.stringContaining(why) },
      ] as const,
  ),
  [
    'select 1 as id',
    { table: 'ruled', mode: 'upsert', key: ['id'] },
    { code: 'QUERY_FAILED', message: expect.stringContaining('has rules for INSERT or UPDATE') },
  ],
  [
    'select 1 as id',
    { table: 'counted' },
    { code: 'TABLE_NOT_FOUND', message: expect.stringContaining('a view that takes no rows') },
  ],
  [
    'select 2 as id',
    { table: 'used', mode: 'replace' },
    { code: 'CONSTRAINT_VIOLATED', message: expect.stringContaining('that others refer to') },
  ],
  [
    `select '12' as v union all select '12345'`,
    { table: 'short', columns: { v: 'p' } },
    { code: 'VALUE_INVALID', details: { row: '1', values: 'p = "12"' } },
  ],
  [
    'select 12 as v union all select 12345',
    { table: 'short', convert: true },
    { code: 'VALUE_INVALID', details: { row: '2', values: 'v = 12345' } },
  ],
  [
    `select 'x' as state`,
    { table: 'floe_load.load_commit' },
    { code: 'ARGUMENT_INVALID', hint: 'load into a table of another schema' },
  ],
];

test.each(REFUSED)('%s into %j is refused in words, and leaves nothing', async (...given) => {
  const [query, config, expected] = given;
  await expect(load(query, config)).rejects.toMatchObject(expected);
  const [left] = await sql(`
    select (select count(*)::int from base) as base, (select count(*)::int from sold) as sold,
           (select count(*)::int from of_domain) as of_domain, (select count(*)::int from guarded) as guarded,
           (select count(*)::int from texts) as texts, (select count(*)::int from by_number) as by_number,
           (select count(*)::int from "Sel""ect.x") as quoted, (select count(*)::int from part) as part,
           (select count(*)::int from folded) as folded, (select count(*)::int from short) as short,
           (select count(*)::int from used where id <> 1) as used,
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

test('words of triggers, and a partition of its own, show nothing of masked columns', async () => {
  await sql(`create table talking (id int primary key, pin text, check (id < 100));
    create function talk() returns trigger language plpgsql as $$ begin
      raise exception 'no %', new.pin using hint = new.pin, detail = new.pin, errcode = tg_argv[0]; end $$;
    create table by_pin (id int, pin text) partition by list (pin)`);
  const query = `select 1 as id, 'canary' as pin`;
  const trigger = (when: string, state: string) =>
    sql(`drop trigger if exists talk on talking;
      create trigger talk ${when} insert on talking for each row execute function talk('${state}')`);
  const messages: string[] = [];
  const note = async (config: Record<string, unknown>, masked: readonly string[]) => {
    const failure: FloeError = await runPostgresLoad(
      await contextFor(query, { config, masked }),
    ).catch((thrown) => thrown);
    messages.push(`${failure.message}${failure.hint}${JSON.stringify(failure.details)}`);
  };
  for (const when of ['before', 'after'])
    for (const state of ['P0001', '23514', '22000']) {
      await trigger(when, state);
      await note({ table: 'talking' }, ['pin']);
      await note({ table: 'talking', mode: 'upsert', key: ['id'] }, ['pin']);
    }
  await note({ table: 'by_pin' }, ['pin']);
  expect(messages.filter((text) => text.includes('canary'))).toEqual([]);
  await note({ table: 'talking' }, []);
  expect(messages.at(-1)).toContain('canary');
});

test('what triggers mend is no fault of the rows, and what they leave out is not counted', async () => {
  await sql(`create table mended (id int primary key, mail text not null check (mail = lower(mail)));
    create function mend() returns trigger language plpgsql as $$ begin
      if new.id = 2 then return null; end if;
      new.mail := lower(coalesce(new.mail, 'none')); return new; end $$;
    create trigger mend before insert on mended for each row execute function mend()`);
  const query = `select 1 as id, null as mail union all select 2, 'x' union all select 3, 'ABC'`;
  for (const config of [{ mode: 'append' }, { mode: 'upsert', key: ['id'] }]) {
    const context = await contextFor(query, { config: { table: 'mended', ...config } });
    expect(await runPostgresLoad(context)).toMatchObject({ rows: 2 });
    expect(context.logs.at(-1)!.message).toContain('took 2 of 3 rows');
    expect(await sql('select * from mended order by id')).toEqual([
      { id: 1, mail: 'none' },
      { id: 3, mail: 'abc' },
    ]);
  }
});

test('a key that tells periods apart is none for an upsert', async () => {
  if (database.major < 18) return;
  await sql(
    'create table period (room int4range, span int4range, primary key (room, span without overlaps))',
  );
  const config = { table: 'period', mode: 'upsert', key: ['room', 'span'] };
  await expect(load(`select '[1,2)' as room, '[1,2)' as span`, config)).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
    message: expect.stringContaining('is one without overlaps'),
  });
});

test('an index in which NULL equals NULL finds a key with NULL again', async () => {
  if (database.major < 15) return;
  await sql(`create table nulls (a int, b int, v text, unique nulls not distinct (a, b));
    insert into nulls values (1, null, 'old')`);
  const config = { table: 'nulls', mode: 'upsert', key: ['b', 'a'] };
  await load(`select 1 as a, null::int as b, 'new' as v`, config);
  expect(await sql('select v from nulls')).toEqual([{ v: 'new' }]);
  await expect(
    load(`select 1 as a, null::int as b from generate_series(1, 2)`, config),
  ).rejects.toMatchObject({
    code: 'DUPLICATE_KEY',
    message: expect.stringContaining('(1, NULL) 2 times'),
  });
});

test('a check of the whole row, of a partition, or of a column that is converted keeps nobody from an upsert', async () => {
  await sql(`create table whole (id int primary key, v varchar(9), n numeric check (n > 0), check (whole is not null));
    create table parted (id int primary key, v text) partition by range (id);
    create table parted_a (v text, id int not null check (id <> 7));
    alter table parted attach partition parted_a for values from (0) to (100)`);
  const upsert = { mode: 'upsert', key: ['id'] };
  await load(`select 1 as id, 2 as v, '3' as n`, { table: 'whole', ...upsert, convert: true });
  expect(await sql('select * from whole')).toEqual([{ id: 1, v: '2', n: '3' }]);
  await load(`select i as id, 'v' as v from generate_series(0, 2) i`, {
    table: 'parted',
    ...upsert,
  });
  expect(await sql('select from parted_a')).toHaveLength(3);
  await expect(
    load(`select i as id from generate_series(6, 8) i`, { table: 'parted' }),
  ).rejects.toMatchObject({ details: { row: '2', values: 'id = 7' } });
  await expect(
    load(`select i as id from generate_series(99, 101) i`, { table: 'parted', ...upsert }),
  ).rejects.toMatchObject({ details: { row: '2', values: 'id = 100' } });
});

test('a table of 1,600 columns is extracted, loaded, merged and made', async () => {
  const columns = Array.from({ length: 1_600 }, (_, index) => `c${index} int`).join(', ');
  await sql(`create table wide (${columns}); insert into wide (c0, c1599) values (1, 2), (3, 4);
    create table merged (like wide, unique (c0)); insert into merged (c0) values (1)`);
  await load('select * from wide', { table: 'merged', mode: 'upsert', key: ['c0'] });
  await load(`select 5::text as c0, 6::text as c1599`, {
    table: 'merged',
    mode: 'upsert',
    key: ['c0'],
    convert: true,
  });
  await sql('delete from merged where c0 = 5');
  await load('select * from wide', { table: 'made', create: true });
  await load('select * from wide', { table: 'made', mode: 'replace' });
  for (const table of ['merged', 'made'])
    expect(await sql(`select c0, c1, c1599 from ${table} order by 1`)).toEqual([
      { c0: 1, c1: null, c1599: 2 },
      { c0: 3, c1: null, c1599: 4 },
    ]);
});
