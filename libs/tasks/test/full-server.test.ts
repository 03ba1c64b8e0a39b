/**
 * Disks that are really full: those of a server's tables and of its write-ahead log, and that of an executor's datasets.
 * Each is a file system of a few MiB, which only root can mount.
 */
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE, type FloeError } from '@floe/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { runPostgresSql } from '../src/postgres_sql/run.ts';
import type { DatasetReference, TaskRunner } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { createContext } from './task-context.ts';

const ROWS = 40_000;
// Not half of the rows, and all of them for a table or two.
const SMALL_MIB = 4;
const LARGE_MIB = 64;
const rowsOf = (count: number) =>
  `select i as id, repeat(md5(i::text), 8) as name from generate_series(1, ${count}) i`;
const QUERY = rowsOf(ROWS);

const place = await mkdtemp(join(tmpdir(), 'floe-full-'));
// The server's user passes through it.
await chmod(place, 0o755);
const found = await mountSmallDisk(join(place, 'tables'), SMALL_MIB).catch(
  (thrown: Error) => thrown.message,
);
const whyNot = typeof found === 'string' ? ` (${found})` : '';
const disk = found as SmallDisk;
const onDisk = test.skipIf(whyNot !== '');

let database: TestDatabase;
let dataset: DatasetReference;
beforeAll(async () => {
  if (whyNot !== '') return;
  database = await startTestDatabase();
  dataset = await extract(database, QUERY);
  await createTablespace(database, 'small', disk.folder);
});
afterAll(async () => {
  await database?.stop();
  if (whyNot === '') await disk.unmount();
  await rm(place, { recursive: true });
});

async function extract(from: TestDatabase, query: string): Promise<DatasetReference> {
  const { folder, address } = from;
  const config = { connection: 'c', query };
  return (await runPostgresExtract(createContext({ folder, address, config }))).dataset!;
}

/** Its folder has to belong to the server's user, as the server's own folder does. */
async function createTablespace({ session }: TestDatabase, name: string, location: string) {
  const [row] = await session.query<{ at: string }>(
    `select current_setting('data_directory') as at`,
  );
  const { uid, gid } = await stat(row!.at);
  await chown(location, uid, gid);
  await session.query(`create tablespace ${name} location '${location}'`);
}

const failureOf = (work: Promise<unknown>): Promise<FloeError> =>
  work.then(
    () => expect.fail('it fits'),
    (thrown) => thrown,
  );
const isTriedAgain = ({ code }: FloeError) => CATALOGUE[code].retry === 'backoff';

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

onDisk.each(Object.keys(WORKS) as (keyof typeof WORKS)[])(
  `%s into a full disk says so and changes nothing; with room it takes effect once${whyNot}`,
  async (name) => {
    await disk.grow(SMALL_MIB);
    await database.session.query(
      `drop table if exists target;
       create table target (id int primary key using index tablespace small, name text) tablespace small;
       insert into target values (0, 'before')`,
    );
    const error = await failureOf(attempt(name, 1));
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /127\.0\.0\.1:\d+\/postgres says: .*No space left on device.*\[53100\]/,
      ),
      hint: expect.stringContaining('make room'),
    });
    expect(isTriedAgain(error)).toBe(true);
    expect(await table()).toEqual([{ count: 1, first: 'before' }]);
    expect(await leftovers()).toEqual([]);
    await disk.grow(LARGE_MIB);
    await attempt(name, 2);
    const kept = name === 'append' || name === 'upsert' ? 1 : 0;
    expect(await table()).toMatchObject([{ count: ROWS + kept }]);
    await attempt(name, 3);
    expect(await table()).toMatchObject([{ count: ROWS + kept }]);
    await database.session.query('drop table target; checkpoint');
  },
);

/** A segment of the log is 16 MiB, and one may have been filled hardly at all. */
const LOGGED_ROWS = 100_000;
const SERVER_MIB = 300;
const LOG_ROOM_MIB = 4;

onDisk(
  `a load that fills the disk of the server's log says so and changes nothing; once there is room, it takes effect once${whyNot}`,
  async () => {
    const own = await mountSmallDisk(await mkdtemp(join(place, 'server-')), SERVER_MIB);
    const roomy = await mkdtemp(join(place, 'roomy-'));
    const server = await startTestDatabase(own.folder);
    try {
      const rows = await extract(server, rowsOf(LOGGED_ROWS));
      await createTablespace(server, 'roomy', roomy);
      await server.session.query(
        `create table target (id int, name text) tablespace roomy; insert into target values (0, 'before')`,
      );
      const load = (epoch: number) => {
        const { folder, address } = server;
        const inputs = [{ taskId: 'rows', dataset: rows }];
        const config = { connection: 'c', table: 'target', mode: 'append' };
        return runPostgresLoad(
          createContext({ folder, address, inputs, config, epoch, runId: 'log' }),
        );
      };
      await own.grow((await own.usedMebibytes()) + LOG_ROOM_MIB);
      // The server stops at once. Whose process was first to write decides whether it says why or just breaks off.
      const error = await failureOf(load(1));
      expect(['QUERY_FAILED', 'CONNECTION_FAILED']).toContain(error.code);
      expect(error.message).toContain(`${server.address.host}:${server.address.port}/postgres`);
      expect(error.hint).toContain('floe runs retry RUN');
      expect(isTriedAgain(error)).toBe(true);
      await own.grow(SERVER_MIB);
      await server.server.crashAndRestart();
      expect(await countIn(server)).toBe(1);
      expect(await load(2)).toMatchObject({ rows: LOGGED_ROWS });
      await load(3);
      expect(await countIn(server)).toBe(LOGGED_ROWS + 1);
    } finally {
      await server.stop();
      await own.unmount();
    }
  },
);

/** The session of the test is gone with the server that crashed. */
async function countIn(server: TestDatabase): Promise<number> {
  return (await extract(server, 'select id from target')).rows;
}

onDisk.each([
  ['an extract', runPostgresExtract, { connection: 'c', query: QUERY }],
  [
    'an extract on two connections',
    runPostgresExtract,
    { connection: 'c', query: 'select * from many', parallel: 2 },
  ],
  ['a transform', runExpressionTransform, { polars: 'rows.with_columns(again=pl.col("name"))' }],
] satisfies readonly (readonly [string, TaskRunner, Record<string, unknown>])[])(
  `%s into a full folder of datasets says so and leaves nothing; with room it works${whyNot}`,
  async (_, run, config) => {
    const { address, session } = database;
    await session.query(`create table if not exists many as ${QUERY}`);
    const folder = join(disk.folder, 'datasets');
    await mkdir(folder, { recursive: true });
    await disk.grow(SMALL_MIB);
    const inputs = [{ taskId: 'rows', dataset }];
    const again = () => run(createContext({ folder, address, config, inputs }));
    const error = await failureOf(again());
    expect(error).toMatchObject({
      code: 'DATASET_STORE_UNAVAILABLE',
      message: expect.stringMatching(/^the dataset .* cannot be written: the disk is full$/),
      hint: expect.stringContaining('make room in the folder of datasets'),
    });
    expect(isTriedAgain(error)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    await disk.grow(LARGE_MIB);
    expect(await again()).toMatchObject({ rows: ROWS });
    await rm(folder, { recursive: true });
  },
);
