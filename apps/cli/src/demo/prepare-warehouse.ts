import { openTarget, type TargetAddress } from '@floe/database';

const STATEMENTS = [
  'create schema if not exists analytics',
  `create table if not exists analytics.late_flights (
    origin text primary key,
    name text,
    city text,
    state text,
    late_flights bigint not null,
    mean_delay double precision not null,
    worst_delay integer not null
  )`,
  `create table if not exists analytics.late_routes (
    origin text,
    destination text,
    late_flights bigint not null,
    mean_delay double precision not null,
    distance integer not null,
    primary key (origin, destination)
  )`,
];

/** Makes the tables that `examples/late-flights.yaml` loads into. */
export async function prepareWarehouse(address: TargetAddress): Promise<void> {
  await using session = await openTarget(address, {
    applicationName: 'floe:demo:prepare',
    statementTimeoutMs: 0,
  });
  for (const statement of STATEMENTS) await session.query(statement);
}
