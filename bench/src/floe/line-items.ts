import { type TargetSession, openTarget } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import type { BenchFloe } from './bench-floe.ts';
import { databaseAddress } from './database-address.ts';

/** As the connection is called in workflows. */
export const CONNECTION = 'bench';

export const TABLE = 'public.bench_item';

const COLUMNS = `
  id bigint not null,
  order_id integer not null,
  part_id integer not null,
  line smallint not null,
  quantity numeric(12,2) not null,
  price numeric(12,2) not null,
  discount numeric(4,2) not null,
  score double precision not null,
  flag text not null,
  status text,
  shipped date not null,
  updated_at timestamptz not null,
  is_open boolean not null,
  comment text not null,
  token uuid not null`;

// Multiples of primes taken modulo primes: neighbours differ, values repeat, and every machine has the same rows.
const FILL = `
  insert into ${TABLE}
  select i, i * 7919 % 200003, i * 104729 % 1009, i % 7, i * 31 % 50 + 1, i * 17 % 99991 / 100.0, i * 13 % 11 / 100.0,
         i * 7919 % 1000003 / 1000003.0, chr(65 + (i % 3)::int), case when i % 10 > 0 then 'status ' || i % 5 end,
         date '1995-01-01' + (i % 2503)::int, timestamptz '1995-01-01 00:00:00Z' + i * 7 % 99999989 * interval '1.5 s',
         i % 2 = 0, 'comment number ' || i * 7919 % 1000003 || ' of item ' || i, md5(i::text)::uuid
  from generate_series(1::bigint, $1::bigint) as i`;

/** The database that is measured, as its owner; for what surrounds a measurement. */
export async function openBenchDatabase(endpoints: Endpoints): Promise<TargetSession> {
  // A session that is not called Floe's is taken for lost when a statement of it takes long.
  const options = { applicationName: 'floe:bench', statementTimeoutMs: 0 };
  return openTarget(await databaseAddress(endpoints), options);
}

/** An empty table of the same columns. */
export async function makeEmptyTable(session: TargetSession, name: string): Promise<void> {
  await session.query(`drop table if exists ${name}`);
  await session.query(`create table ${name} (${COLUMNS})`);
}

/**
 * Makes the table of 15 columns of mixed types and the connection to it. Vacuumed and written to disk before it
 * returns, so that the first reader does not pay for the writer.
 */
export async function makeLineItems(floe: BenchFloe, rows: number): Promise<void> {
  await using session = await openBenchDatabase(floe.endpoints);
  if ((await countRows(session)) !== rows) {
    await makeEmptyTable(session, TABLE);
    await session.query(FILL, [rows]);
    await session.query(`vacuum analyze ${TABLE}`);
  }
  await session.query('checkpoint');
  await nameBenchDatabase(floe);
}

/** The connection by which workflows reach the database that is measured. */
export async function nameBenchDatabase(floe: BenchFloe): Promise<void> {
  const { host, port, user, passwordFile, demoDatabase } = floe.endpoints.postgres;
  await floe.client.setConnection({
    name: CONNECTION,
    host,
    port,
    database: demoDatabase,
    username: user,
    secretReference: `file:${passwordFile}`,
    sslMode: 'SSL_MODE_DISABLE',
  });
}

/** Several benches of one Floe share the table. */
async function countRows(session: TargetSession): Promise<number> {
  const [found] = await session.query<{ oid: string | null }>(
    `select to_regclass('${TABLE}') as oid`,
  );
  if (found?.oid === null) return 0;
  const [counted] = await session.query<{ count: string }>(
    `select count(*) as count from ${TABLE}`,
  );
  return Number(counted?.count);
}

/** The table's pages in two halves, as conditions. */
export async function halvesOf(session: TargetSession): Promise<readonly [string, string]> {
  const [row] = await session.query<{ page: number }>(
    `select (pg_relation_size('${TABLE}') / current_setting('block_size')::int / 2)::int as page`,
  );
  const middle = `'(${row?.page ?? 0},0)'::tid`;
  return [`ctid < ${middle}`, `ctid >= ${middle}`];
}
