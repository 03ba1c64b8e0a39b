/** A database server whose disk is really full: its tables lie on a file system of a few MiB, which only root can mount. */
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '@floe/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { runPostgresSql } from '../src/postgres_sql/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { createContext } from './task-context.ts';

const ROWS = 40_000;
// Not half of the rows, and all of them for a table or two.
const SMALL_MIB = 4;
const LARGE_MIB = 64;
const QUERY = `select i as id, repeat(md5(i::text), 8) as name from generate_series(1, ${ROWS}) i`;

const place = await mkdtemp(join(tmpdir(), 'floe-full-'));
const disk = await mountSmallDisk(place, SMALL_MIB).catch((thrown: Error) => thrown.message);
const whyNot = typeof disk === 'string' ? disk : undefined;

let database: TestDatabase;
let dataset: DatasetReference;
beforeAll(async () => {
  if (whyNot !== undefined) return;
  database = await startTestDatabase();
  const { folder, address } = database;
  const context = createContext({ folder, address, config: { connection: 'c', query: QUERY } });
  dataset = (await runPostgresExtract(context)).dataset!;
  await createTablespace((disk as SmallDisk).folder);
});
afterAll(async () => {
  await database?.stop();
  if (typeof disk !== 'string') await disk.unmount();
  await rm(place, { recursive: true });
});

/** Its folder has to belong to the server's user, as the server's own folder does. */
async function createTablespace(location: string): Promise<void> {
  const { session } = database;
  const [row] = await session.query<{ at: string }>(
    `select current_setting('data_directory') as at`,
  );
  const { uid, gid } = await stat(row!.at);
  await chown(location, uid, gid);
  await session.query(`create tablespace small location '${location}'`);
}

const table = () => database.session.query(`select count(*)::int, min(name) as first from target`);
const leftovers = () =>
  database.session.query(
    `select from pg_tables where schemaname = 'floe_load' and tablename like 'stg%'`,
  );

const WORKS = {
  append: { table: 'target', mode: 'append' },
  replace: { table: 'target', mode: 'replace' },
  truncate: { table: 'target', mode: 'truncate' },
  upsert: { table: 'target', mode: 'upsert', key: ['id'] },
  sql: { statements: ['delete from target', `insert into target ${QUERY}`] },
};

function attempt(name: keyof typeof WORKS, epoch: number) {
  const { folder, address } = database;
  const config = { connection: 'c', ...WORKS[name] };
  const inputs = name === 'sql' ? [] : [{ taskId: 'rows', dataset }];
  const context = createContext({ folder, address, config, inputs, epoch, runId: `full-${name}` });
  return name === 'sql' ? runPostgresSql(context) : runPostgresLoad(context);
}

test.skipIf(whyNot !== undefined).each(Object.keys(WORKS) as (keyof typeof WORKS)[])(
  `%s into a full disk says so and changes nothing; with room it takes effect once${whyNot === undefined ? '' : ` (${whyNot})`}`,
  async (name) => {
    await (disk as SmallDisk).grow(SMALL_MIB);
    await database.session.query(
      `drop table if exists target;
       create table target (id int primary key using index tablespace small, name text) tablespace small;
       insert into target values (0, 'before')`,
    );
    const error = await attempt(name, 1).then(
      () => expect.fail('it fits'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /127\.0\.0\.1:\d+\/postgres says: .*No space left on device.*\[53100\]/,
      ),
      hint: expect.stringContaining('make room'),
    });
    expect(CATALOGUE[error.code as keyof typeof CATALOGUE].retry).toBe('backoff');
    expect(await table()).toEqual([{ count: 1, first: 'before' }]);
    expect(await leftovers()).toEqual([]);
    await (disk as SmallDisk).grow(LARGE_MIB);
    await attempt(name, 2);
    const kept = name === 'append' || name === 'upsert' ? 1 : 0;
    expect(await table()).toMatchObject([{ count: ROWS + kept }]);
    await attempt(name, 3);
    expect(await table()).toMatchObject([{ count: ROWS + kept }]);
    await database.session.query('drop table target; checkpoint');
  },
);
