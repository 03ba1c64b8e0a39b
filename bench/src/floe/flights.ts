import { openTarget } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import { databaseAddress } from './database-address.ts';

/** As the connection is called in workflows. */
export const CONNECTION = 'source';

/** What Floe and its peers read. */
export const FLIGHTS_QUERY =
  'select date, delay, distance, origin, destination from public.bench_flights';

// Multiples of primes taken modulo primes: neighbours differ, values repeat, and every machine has the same rows.
const FILL = `
  insert into public.bench_flights
  select timestamp '2001-01-01' + (i * 7 % 525949) * interval '1 minute',
         i * 7919 % 211 - 30,
         50 + i * 104729 % 2699,
         chr(65 + (i * 31 % 23)::int) || chr(65 + (i * 17 % 19)::int) || chr(65 + (i * 11 % 13)::int),
         chr(65 + (i * 37 % 23)::int) || chr(65 + (i * 29 % 19)::int) || chr(65 + (i * 13 % 11)::int)
  from generate_series(1::bigint, $1::bigint) as i`;

/**
 * Makes a table with the columns of the demo's flights. Vacuumed and written to disk before it returns, so that the
 * first reader does not pay for the writer.
 */
export async function makeFlights(endpoints: Endpoints, rows: number): Promise<void> {
  await using session = await openTarget(await databaseAddress(endpoints), {
    applicationName: 'floe:bench',
    statementTimeoutMs: 0,
  });
  await session.query(`create table public.bench_flights (
    date timestamp not null,
    delay integer not null,
    distance integer not null,
    origin text not null,
    destination text not null
  )`);
  await session.query(FILL, [rows]);
  await session.query('vacuum analyze public.bench_flights');
  await session.query('checkpoint');
}
