import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  migrate,
  openControlDatabase,
  openTarget,
  readSchemaStatus,
  requireSchema,
  type TargetSession,
} from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

// A session is gone a moment after its connection.
const WAIT = { timeout: 30_000, interval: 50 };

let postgres: TestPostgres;
let folder: string;
let url: string;
let count = 0;
const sessions: TargetSession[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'floe-migrations-'));
});

afterAll(async () => {
  for (const session of sessions) await session[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
});

beforeEach(async () => {
  count += 1;
  url = await postgres.createDatabase(`migrated_${count}`);
  await rm(folder, { recursive: true, force: true });
  folder = await mkdtemp(join(tmpdir(), 'floe-migrations-'));
  await write('0001_item', 'create table floe.item (id int, word text);');
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, `${name}.sql`), text);
}

async function connect(applicationName = 'test'): Promise<TargetSession> {
  const { host, port, user, password } = postgres;
  const database = new URL(url).pathname.slice(1);
  const options = { applicationName, statementTimeoutMs: 10_000 };
  const session = await openTarget({ host, port, user, password, database }, options);
  sessions.push(session);
  return session;
}

const states = async () =>
  (await readSchemaStatus(url, folder)).map(({ name, state }) => [name, state]);

test('many at once apply each file once (M1, M2)', async () => {
  await write('0002_rows', 'insert into floe.item select n from generate_series(1, 3) n;');
  const reports = await Promise.all(Array.from({ length: 5 }, () => migrate(url, folder)));
  expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001_item.sql', '0002_rows.sql']);
  const client = await connect();
  expect(await client.query('select count(*)::int from floe.item')).toEqual([{ count: 3 }]);
});

test('a migration that is killed in the middle has done nothing, and the second try does all (M1)', async () => {
  await write('0002_slow', 'insert into floe.item values (1); select pg_sleep(20);');
  const cut = migrate(url, folder);
  cut.catch(() => undefined);
  const client = await connect();
  await killMigrator(client);
  await expect(cut).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(await states()).toEqual([
    ['0001_item.sql', 'applied'],
    ['0002_slow.sql', 'pending'],
  ]);
  expect(await client.query('select from floe.item')).toEqual([]);
  await write('0002_slow', 'insert into floe.item values (1);');
  await migrate(url, folder);
  expect(await client.query('select id from floe.item')).toEqual([{ id: 1 }]);
});

async function killMigrator(client: TargetSession): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const killed = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event = 'PgSleep'`,
    );
    if (killed.length === 1) return;
    await delay(20);
  }
  throw new Error('the migration did not come to its sleep');
}

test('an index that was cut off half made is made whole by the second try (M1)', async () => {
  const client = await connect();
  await write(
    '0002_index',
    '-- no-transaction\ncreate unique index concurrently if not exists item_id_key on floe.item (id);\n' +
      'create index concurrently if not exists item_word_idx on floe.item (word);',
  );
  await write(
    '0001_item',
    'create table floe.item (id int, word text); insert into floe.item values (1), (1);',
  );
  await expect(migrate(url, folder)).rejects.toThrow('0002_index');
  const isValid = `select indisvalid from pg_index where indexrelid = 'floe.item_id_key'::regclass`;
  expect(await client.query(isValid)).toEqual([{ indisvalid: false }]);
  await client.query('delete from floe.item where ctid = (select min(ctid) from floe.item)');
  await migrate(url, folder);
  expect(await client.query(isValid)).toEqual([{ indisvalid: true }]);
});

test('who reads for long stops no writer: the migration lets go and tries again (M3)', async () => {
  await migrate(url, folder);
  await write('0002_column', 'alter table floe.item add column more text;');
  const [reader, writer] = [await connect(), await connect()];
  await reader.query('begin');
  await reader.query('select from floe.item');
  let isDone = false;
  const migrated = migrate(url, folder).finally(() => (isDone = true));
  const waits: number[] = [];
  for (const until = performance.now() + 2_500; performance.now() < until || !isDone;) {
    const before = performance.now();
    await writer.query('insert into floe.item values (2)');
    waits.push(performance.now() - before);
    if (performance.now() > until) await reader.query('commit');
    await delay(5);
  }
  expect((await migrated).applied).toEqual(['0002_column.sql']);
  expect(Math.max(...waits)).toBeLessThan(1_000);
});

test('an index of many rows is made beside, part by part, and goes on where it was cut off (M3)', async () => {
  await write(
    '0002_large',
    `create table floe.large (id int, word text) partition by range (id);
     create table floe.large_a partition of floe.large for values from (0) to (100000);
     create table floe.large_b partition of floe.large for values from (100000) to (200000);
     insert into floe.large select n, repeat('x', 60) from generate_series(0, 199999) n;`,
  );
  await migrate(url, folder);
  await write(
    '0003_more',
    `alter table floe.large add column more text;
     create index large_more_idx on floe.large (more) where more is not null;
     create index item_word_idx on floe.item (word);`,
  );
  const session = await connect();
  await session.query(`create function floe.refuse() returns event_trigger language plpgsql as $$ begin
    if current_query() ~* 'create index (?!concurrently).*on floe.large' then raise 'would hold up writers'; end if; end $$;
    create event trigger refuse on ddl_command_start when tag in ('CREATE INDEX') execute function floe.refuse()`);
  await migrate(url, folder);
  await session.query('drop event trigger refuse');
  const indexes = () =>
    session.query(
      `select c.relname as name, i.indisvalid as valid, (select p.relname from pg_class p where p.oid = h.inhparent) as parent
       from pg_class c join pg_index i on i.indexrelid = c.oid left join pg_inherits h on h.inhrelid = c.oid
       where c.relname ~ '_(more|word)_idx$' order by 1`,
    );
  const made = [
    { name: 'item_word_idx', valid: true, parent: null },
    { name: 'large_a_more_idx', valid: true, parent: 'large_more_idx' },
    { name: 'large_b_more_idx', valid: true, parent: 'large_more_idx' },
    { name: 'large_more_idx', valid: true, parent: null },
  ];
  expect(await indexes()).toEqual(made);
  // As a migrator leaves it that is killed after one of the two partitions.
  await session.query(`drop index floe.large_more_idx;
    create index large_more_idx on only floe.large (more) where more is not null;
    create index large_a_more_idx on floe.large_a (more) where more is not null;
    update floe.migration set unfinished_indexes =
      array['create index large_more_idx on floe.large (more) where more is not null'] where name = '0003_more.sql'`);
  expect(await states()).toContainEqual(['0003_more.sql', 'pending']);
  expect((await migrate(url, folder)).applied).toEqual([]);
  expect(await indexes()).toEqual(made);
  expect(await states()).toContainEqual(['0003_more.sql', 'applied']);
});

test('a file that was changed after it was applied is told', async () => {
  await migrate(url, folder);
  await write('0001_item', 'create table floe.item (id bigint);');
  expect(await states()).toEqual([['0001_item.sql', 'changed']]);
});

test('a newer schema is worked with as long as nothing in it breaks this version (M4)', async () => {
  await migrate(url);
  const client = await connect();
  await client.query(`insert into floe.migration (name) values ('9998_new.sql')`);
  const database = openControlDatabase({
    url,
    role: 'floe_gateway',
    applicationName: 'test',
    connectionsMax: 1,
  });
  await requireSchema(database);
  expect((await migrate(url)).applied).toEqual([]);
  await client.query(
    `insert into floe.migration (name, is_breaking) values ('9999_other.sql', true)`,
  );
  const refused = { code: 'SCHEMA_INCOMPATIBLE', message: expect.stringContaining('9999_other') };
  await expect(requireSchema(database)).rejects.toMatchObject(refused);
  await expect(migrate(url)).rejects.toMatchObject(refused);
  await client.query(
    `delete from floe.migration where name in ('9999_other.sql', '0056_history_is_divided.sql')`,
  );
  await expect(requireSchema(database)).rejects.toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    message: expect.stringContaining('lacks 0056_history'),
  });
  await database.close();
});

test('a breaking file waits until no service is connected (M5)', async () => {
  await migrate(url, folder);
  await write('0002_more', 'alter table floe.item add column more text;');
  await write('0003_other', '-- breaking\nalter table floe.item drop column word;');
  const service = await connect('floe-scheduler');
  await expect(migrate(url, folder)).rejects.toMatchObject({
    code: 'SCHEMA_IN_USE',
    message: expect.stringMatching(/0003_other.*floe-scheduler/),
  });
  expect(await states()).toContainEqual(['0002_more.sql', 'pending']);
  await service[Symbol.asyncDispose]();
  await expect
    .poll(
      () =>
        migrate(url, folder).then(
          ({ applied }) => applied,
          () => 'in use',
        ),
      WAIT,
    )
    .toEqual(['0002_more.sql', '0003_other.sql']);
});
