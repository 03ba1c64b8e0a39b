/**
 * TPC-H as one workflow: each table extracted, each query as a transform, and beside it what PostgreSQL answers to the SQL
 * of the specification.
 */
import { fileURLToPath } from 'node:url';
import { openTarget } from '@floe/database';
import { assert } from '@floe/errors';
import { previewDataset } from '@floe/frame';
import { QUERIES, TABLES, tableStatements } from '@floe/tpch';
import type { BenchFloe } from './bench-floe.ts';
import { databaseAddress } from './database-address.ts';
import { CONNECTION } from './line-items.ts';
import { RunClock } from './run-clock.ts';

export type TpchRun = {
  /** Arrow files of the tables, by name. */
  readonly tables: Readonly<Record<string, string>>;
  /** Queries whose rows are those of SQL. */
  readonly passed: number;
};

/** More than the workflow has. */
const ALL_TASKS = 100;

const WORKFLOW = 'bench-tpch';

export async function makeTables({ endpoints }: BenchFloe, scale: number): Promise<void> {
  await using session = await openTarget(await databaseAddress(endpoints), {
    applicationName: 'floe:bench',
    statementTimeoutMs: 0,
  });
  for (const statement of tableStatements(scale)) await session.query(statement);
}

/** Runs the workflow once and compares. */
export async function runTpch(floe: BenchFloe, signal: AbortSignal): Promise<TpchRun> {
  await connect(floe);
  await floe.client.applyWorkflow(JSON.stringify(document()));
  using clock = new RunClock(floe.endpoints, signal);
  const { runId } = await clock.time(WORKFLOW);
  const { taskRuns } = await floe.client.listTaskRuns(runId, { pageSize: ALL_TASKS });
  const files = new Map(
    taskRuns.flatMap(({ taskId, dataset }) =>
      dataset === undefined ? [] : [[taskId, fileURLToPath(dataset.uri)] as const],
    ),
  );
  const fileOf = (taskId: string): string => {
    const file = files.get(taskId);
    assert(file !== undefined, `the task ${taskId} gave a dataset`);
    return file;
  };
  const tables = Object.fromEntries(TABLES.map((table) => [table, fileOf(table)]));
  let passed = 0;
  for (const { number } of QUERIES) {
    if (await agree(fileOf(`query_${number}`), fileOf(`answer_${number}`))) passed += 1;
  }
  return { tables, passed };
}

async function connect({ client, endpoints }: BenchFloe): Promise<void> {
  const { host, port, user, passwordFile, demoDatabase } = endpoints.postgres;
  await client.setConnection({
    name: CONNECTION,
    host,
    port,
    database: demoDatabase,
    username: user,
    secretReference: `file:${passwordFile}`,
    sslMode: 'SSL_MODE_DISABLE',
  });
}

function document(): object {
  const extract = (query: string) => ({ type: 'postgres_extract', connection: CONNECTION, query });
  const tables = TABLES.map((table) => [table, extract(`select * from ${table}`)]);
  const queries = QUERIES.map(({ number, polars }) => {
    const inputs = TABLES.filter((table) => new RegExp(`\\b${table}\\b`).test(polars));
    return [`query_${number}`, { type: 'expression_transform', inputs, polars }];
  });
  const answers = QUERIES.map(({ number, sql }) => [`answer_${number}`, extract(sql)]);
  return { name: WORKFLOW, tasks: Object.fromEntries([...tables, ...queries, ...answers]) };
}

/** Rows that are compared; the number of all is, too. */
const COMPARED_ROWS = 100;
/** Sums of floats depend on the order of rows; rounded to cents, the last cent may differ. */
const CENT = 0.0101;

async function agree(found: string, wanted: string): Promise<boolean> {
  const [left, right] = [
    await previewDataset(found, COMPARED_ROWS),
    await previewDataset(wanted, COMPARED_ROWS),
  ];
  return (
    left.rows.length === right.rows.length &&
    right.rows.every((row, index) => isRow(left.rows[index] as unknown[], row as unknown[]))
  );
}

function isRow(found: readonly unknown[], wanted: readonly unknown[]): boolean {
  return wanted.every((value, index) =>
    typeof value === 'number'
      ? Math.abs(Number(found[index]) - value) < CENT + Math.abs(value) * 1e-9
      : found[index] === value,
  );
}
