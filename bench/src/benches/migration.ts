import { openTarget, type TargetSession } from '@floe/database';
import type { Bench, BenchOptions, Figures } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { createPeerDatabase } from '../floe/control-database.ts';
import { databaseAddress } from '../floe/database-address.ts';
import {
  migrateUnderLoad,
  migrationAt,
  readRuns,
  writeRun,
  type Wait,
} from '../history/migrate-under-load.ts';
import { migrateToOld } from '../history/old-database.ts';
import { askOldTables, nodeColumns, seedOldTables, writeOldRun } from '../history/old-tables.ts';
import { seedHistory } from '../history/seed-history.ts';
import { rounded } from '../statistics.ts';

const ROWS = 10_000_000;
const ROWS_QUICK = 200_000;
const PER_RUN = 10;
const WORKFLOWS = 200;
const DAYS = 30;
const DATABASE = 'bench_migration';

/**
 * An old database is brought to the schema of this version: the tables of the replaced service and a history of Floe, each
 * with so many rows, while both are written to and read.
 */
export const migration: Bench = {
  summary: 'the longest that anybody waits while an old database is migrated',
  rows: ROWS,
  async run(floe, options) {
    const rows = options.rows ?? (options.isQuick ? ROWS_QUICK : ROWS);
    const url = await createPeerDatabase(floe.endpoints, DATABASE);
    await migrateToOld(url);
    await seed(floe, rows, options);
    return { figures: { rows, ...(await measure(floe, url, options)) }, peers: {}, ratios: {} };
  },
};

async function seed(floe: BenchFloe, rows: number, { say }: BenchOptions): Promise<void> {
  await using session = await open(floe);
  const runs = Math.round(rows / PER_RUN);
  const endMs = Date.now();
  await seedHistory(
    session,
    { runs, tasks: PER_RUN, workflows: WORKFLOWS, days: DAYS, endMs },
    say,
  );
  await seedOldTables(session, { runs, nodes: PER_RUN });
  say(`${rows.toLocaleString('en')} rows are in the old tables`);
  await session.query('checkpoint');
}

async function open(floe: BenchFloe): Promise<TargetSession> {
  const address = { ...(await databaseAddress(floe.endpoints)), database: DATABASE };
  const session = await openTarget(address, { applicationName: 'bench', statementTimeoutMs: 0 });
  // As readers of the old tables do, who have never heard of schema floe.
  await session.query('set search_path = public');
  return session;
}

async function measure(floe: BenchFloe, url: string, { say }: BenchOptions): Promise<Figures> {
  await using writer = await open(floe);
  await using reader = await open(floe);
  await using oldWriter = await open(floe);
  await using oldReader = await open(floe);
  const columns = await nodeColumns(oldReader);
  const before = await askOldTables(oldReader, columns);
  const { seconds, waits } = await migrateUnderLoad(url, {
    writer: () => writeRun(writer),
    reader: () => readRuns(reader),
    old_writer: (nth) => writeOldRun(oldWriter, nth),
    old_reader: async () => {
      await oldReader.query(`select * from workflow_run_stats order by id desc limit 50`);
    },
  });
  for (const [name, { ms, endMs }] of Object.entries(waits))
    say(`${name} waited ${rounded(ms)} ms at most, in ${await migrationAt(reader, endMs)}`);
  const after = await askOldTables(oldReader, columns);
  const same = before.texts.filter((text, index) => text === after.texts[index]).length;
  if (same < before.texts.length) throw new Error('an old query has another answer than before');
  return {
    migration_s: rounded(seconds),
    ...Object.fromEntries(Object.entries(waits).flatMap(figuresOf)),
    old_queries_same: same,
    old_queries_before_ms: rounded(before.ms),
    old_queries_after_ms: rounded(after.ms),
  };
}

function figuresOf([name, { ms, count }]: readonly [string, Wait]): [string, number][] {
  return [
    [`${name}_blocked_ms`, rounded(ms)],
    [`${name}_times`, count],
  ];
}
