/** Hunts rows of old tables that an import would lose, give to the wrong run, or stop at. Stores nothing: no server is there. */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTarget, type TargetSession } from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';
import { openOldTables, type OldRun } from '../src/import/old-tables.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

// Columns and types as installations have them: of their own, and not all of them.
const TABLES = `
  create schema stats;
  create table stats.workflow_run_stats (
    id bigserial primary key, workflow_id varchar(64), workflow_run_id varchar(64), run_status varchar(12),
    start_timestamp timestamp, end_timestamp timestamptz, cluster text, prefect_flow_run_id text);
  create table stats.node_run_details (
    workflow_run_id text, node_id text, node_start_timestamp timestamp, node_status text, source_rows numeric,
    target_rows bigint, total_run_time_sec numeric(12, 3));
  insert into stats.workflow_run_stats (workflow_id, workflow_run_id, run_status, start_timestamp, prefect_flow_run_id)
  select 'wf-1', 'wr-' || i, 'Completed', timestamp '2025-01-01' + i * interval '1 minute', 'pf-' || i
  from generate_series(1, 2500) i;
  insert into stats.node_run_details (workflow_run_id, node_id, node_status, source_rows, target_rows)
  select 'wr-' || i, 'n-' || n, 'Completed', 9007199254740993, i from generate_series(1, 2500) i, generate_series(1, 2) n;
`;

// In an order that neither this process nor most collations sort them by.
const ODD_IDS = ['Zebra', 'ant', 'über', 'Ünder', '\uFFFD', '😀', 'a b', 'a-b', 'A'];

let postgres: TestPostgres;
let session: TargetSession;
const quarantine = join(tmpdir(), `floe-import-postgres-${process.pid}.ndjson`);

beforeAll(async () => {
  postgres = await startTestPostgres();
  session = await openTarget(
    { ...postgres, database: 'postgres' },
    { applicationName: 'test', statementTimeoutMs: 30_000 },
  );
  await session.query(TABLES);
});

afterAll(async () => {
  await session?.[Symbol.asyncDispose]();
  await postgres?.stop();
  await rm(quarantine, { force: true });
});

async function importDry(source: string, ...words: string[]) {
  const terminal = createRecordingTerminal();
  const all = ['import', 'postgres', source, '--dry-run', '--json', '--quarantine', quarantine];
  const code = await runCommandLine([...all, ...words], { terminal, env: {} });
  return { code, document: JSON.parse(terminal.stdout()) as Record<string, unknown> };
}

async function readAll(schema: string): Promise<OldRun[]> {
  const { signal } = new AbortController();
  await using tables = await openOldTables(
    { ...postgres, database: 'postgres' },
    { schema, signal },
  );
  const runs: OldRun[] = [];
  for await (const run of tables.runs()) runs.push(run);
  return runs;
}

test('every run comes once, with its own nodes and exact numbers', async () => {
  for (const id of ODD_IDS) {
    await session.query(
      `insert into stats.workflow_run_stats (workflow_run_id, run_status, start_timestamp) values ($1, 'Failed', now())`,
      [id],
    );
    await session.query(
      `insert into stats.node_run_details (workflow_run_id, node_id) values ($1, 'of ' || $1)`,
      [id],
    );
  }
  const runs = await readAll('stats');
  expect(new Set(runs.map(({ runId }) => runId)).size).toBe(2_500 + ODD_IDS.length);
  expect(runs).toHaveLength(2_500 + ODD_IDS.length);
  for (const { run, runId, nodes } of runs) {
    expect(run?.['workflow_run_id']).toBe(runId);
    expect(nodes.every((node) => node['workflow_run_id'] === runId)).toBe(true);
    expect(nodes).toHaveLength(ODD_IDS.includes(runId) ? 1 : 2);
  }
  const { nodes } = runs.find(({ runId }) => runId === 'wr-77')!;
  expect(nodes[0]).toMatchObject({ source_rows: '9007199254740993', target_rows: '77' });
});

test('a dry run counts all rows, says what is put aside and why, and leaves the tables as they are', async () => {
  await session.query(`insert into stats.workflow_run_stats (workflow_run_id, run_status, start_timestamp, prefect_flow_run_id)
    values ('wr-9', 'Failed', '2024-12-31', null), ('wr-odd', 'Exploded', now(), null), (null, 'Failed', now(), null),
      ('wr-ever', 'Completed', 'infinity', null), ('own', 'Completed', now(), 'own')`);
  await session.query(
    `insert into stats.node_run_details (workflow_run_id, node_id) values ('nobody', 'n'), ('own', 'n')`,
  );
  const before = await session.query('select count(*) from stats.workflow_run_stats');
  const { code, document } = await importDry(postgres.url, '--schema', 'stats');
  expect(code).toBe(1);
  const runs = 2_500 + ODD_IDS.length;
  expect(document).toMatchObject({
    isDryRun: true,
    rows: { runs: runs + 5, nodes: 5_000 + ODD_IDS.length + 2 },
    runs: { read: runs, imported: runs },
    skipped: 1,
    quarantined: 5,
  });
  expect(JSON.stringify(document)).not.toContain(postgres.password);
  const aside = (await readFile(quarantine, 'utf8')).trim().split('\n');
  const reasons = aside.map((line) => (JSON.parse(line) as { reason: string }).reason).join('\n');
  for (const reason of [
    /is an older row of the run wr-9/,
    /run_status is "Exploded"/,
    /workflow_run_id is missing/,
    /start_timestamp is missing or no time/,
    /has 1 rows in node_run_details and none in workflow_run_stats/,
  ])
    expect(reasons).toMatch(reason);
  expect(await session.query('select count(*) from stats.workflow_run_stats')).toEqual(before);
});

test('of very many rows of one run the first are told, and that there are more', async () => {
  await session.query(`create schema twice; create table twice.workflow_run_stats (workflow_run_id text, run_status text,
    start_timestamp timestamp); insert into twice.workflow_run_stats select 'wr', 'Failed', now() from generate_series(1, 150)`);
  const { code, document } = await importDry(postgres.url, '--schema', 'twice');
  expect(code).toBe(1);
  expect(document).toMatchObject({ runs: { imported: 1 }, quarantined: 100 });
  expect(await readFile(quarantine, 'utf8')).toContain('has 50 more rows in workflow_run_stats');
});

test('tables that are not there, views of Floe itself, and a server that is away are told', async () => {
  const none = await importDry(postgres.url);
  expect(none).toMatchObject({ code: 2, document: { error: { code: 'ARGUMENT_INVALID' } } });
  await session.query(`create schema floe; create table floe.run (workflow_run_id text);
    create view public.workflow_run_stats as select * from floe.run`);
  const own = await importDry(postgres.url);
  expect(own).toMatchObject({ code: 2, document: { error: { code: 'ARGUMENT_INVALID' } } });
  expect(JSON.stringify(own.document)).toContain('has no table public.workflow_run_stats');
  const gone = await importDry('postgres://me:hunter2@127.0.0.1:1/app');
  expect(gone).toMatchObject({ code: 1, document: { error: { code: 'CONNECTION_FAILED' } } });
  expect(JSON.stringify(gone)).not.toContain('hunter2');
});
