/**
 * Loads a dataset into a table, exactly once for a run and task, however often attempts repeat it.
 *
 * It owns the staging table of its attempt.
 * P1. Rows first go to a staging table of the attempt's epoch; nobody else sees them.
 * P2. One transaction locks the ledger's row, checks epoch and count, merges, marks the load done, drops the staging.
 * P3. A load that is done answers with the counts of the ledger and touches nothing.
 * P4. When the answer to the commit is lost, the ledger is asked; nothing is guessed.
 */
import { type TargetSession, quoteIdentifier } from '@floe/database';
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { datasetSchema, encodeDataset } from '@floe/frame';
import { ATTRIBUTE } from '@floe/telemetry';
import { datasetPath, onlyInput } from '../dataset-path.ts';
import { type FoundConnection, findConnection } from '../open-connection.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import {
  type LedgerState,
  type LoadKey,
  ensureLedger,
  lockLoad,
  markDone,
  openLoad,
} from './load-ledger.ts';
import { type LoadOptions, readLoadOptions } from './load-options.ts';
import { type LoadTarget, findLoadTarget, planStagingColumns } from './load-target.ts';
import { assertDistinctKeys, mergeRows } from './merge-rows.ts';
import { createStaging, dropStaging, stagingName, stagingTable } from './staging-table.ts';

/** A session that holds the target's lock longer than this makes the attempt fail, to be tried again. */
const LOCK_TIMEOUT_MS = 30_000;
/** A worker that stops in the middle of the transaction keeps the ledger's row locked no longer than this. */
const IDLE_TIMEOUT_MS = 30_000;

type Load = {
  readonly context: TaskContext;
  readonly options: LoadOptions;
  readonly key: LoadKey;
  readonly path: string;
  readonly connection: FoundConnection;
  readonly traceparent: string | undefined;
};

type Counts = { readonly rows: number; readonly bytes: number };

export async function runPostgresLoad(context: TaskContext): Promise<TaskResult> {
  const options = readLoadOptions(context.config);
  const path = datasetPath(onlyInput(context).dataset);
  const connection = await findConnection(context, options.connection);
  const { runId, taskId, epoch } = context;
  const key = { runId, taskId, epoch };
  const { mode } = options;
  const attributes = {
    [ATTRIBUTE.dbSystem]: 'postgresql',
    [ATTRIBUTE.dbCollection]: options.tableText,
    connection: options.connection,
    mode,
  };
  return context.span('postgres.load', attributes, async (traceparent) => {
    const counts = await load({ context, options, key, path, connection, traceparent });
    context.progress(counts);
    return counts;
  });
}

async function load(job: Load): Promise<Counts> {
  await using session = await job.connection.open({ traceparent: job.traceparent });
  await ensureLedger(session);
  const state = await openLoad(session, job.key);
  if (state.kind === 'done') return alreadyDone(job, state);
  await sweep(session, job);
  try {
    return await loadThroughStaging(session, job);
  } catch (thrown) {
    await sweepAfterFailure(job);
    throw thrown;
  }
}

function alreadyDone({ context }: Load, state: LedgerState & { kind: 'done' }): Counts {
  context.log('info', 'the load has taken effect in an earlier attempt', { rows: state.rows });
  return { rows: state.rows, bytes: state.bytes };
}

async function loadThroughStaging(session: TargetSession, job: Load): Promise<Counts> {
  const schema = await datasetSchema(job.path);
  const target = await findLoadTarget(session, schema, job.options);
  await createStaging(session, job.key, target);
  const counts = await fillStaging(session, job, { schema, target });
  if (job.options.mode === 'upsert')
    await assertDistinctKeys(session, stagingTable(job.key), job.options.key);
  return commit(session, job, { target, counts });
}

type Shape = { readonly schema: Schema; readonly target: LoadTarget };

async function fillStaging(
  session: TargetSession,
  job: Load,
  { schema, target }: Shape,
): Promise<Counts> {
  const staging = stagingName(job.key);
  const plan = await planStagingColumns(session, staging, schema, job.options);
  let bytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    const onRows = (rows: number): void => job.context.progress({ rows, bytes });
    for await (const piece of encodeDataset(job.path, plan, onRows)) {
      bytes += piece.length;
      yield piece;
    }
  }
  const columns = target.columns.map(quoteIdentifier).join(', ');
  const copy = `copy ${stagingTable(job.key)} (${columns}) from stdin (format binary)`;
  const rows = await session.copyIn(copy, pieces());
  return { rows, bytes };
}

type Staged = { readonly target: LoadTarget; readonly counts: Counts };

async function commit(session: TargetSession, job: Load, staged: Staged): Promise<Counts> {
  try {
    return await session.transaction('begin', () => merge(session, job, staged));
  } catch (thrown) {
    const isLost = thrown instanceof FloeError && thrown.code === 'CONNECTION_FAILED';
    if (!isLost || job.context.signal.aborted) throw thrown;
    return confirmCommit(job, thrown);
  }
}

async function merge(
  session: TargetSession,
  job: Load,
  { target, counts }: Staged,
): Promise<Counts> {
  await session.query(
    `set local lock_timeout = ${LOCK_TIMEOUT_MS};
     set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
  );
  const state = await lockLoad(session, job.key);
  if (state.kind === 'done') return alreadyDone(job, state);
  const staging = stagingTable(job.key);
  await assertCount(session, staging, counts.rows);
  await mergeRows(session, staging, target, job.options);
  await markDone(session, job.key, counts);
  await session.query(`drop table ${staging}`);
  return counts;
}

async function assertCount(session: TargetSession, staging: string, rows: number): Promise<void> {
  const [found] = await session.query<{ count: string }>(
    `select count(*) as count from ${staging}`,
  );
  if (found?.count === String(rows)) return;
  throw new FloeError(
    'CONNECTION_FAILED',
    `the staging table holds ${found?.count ?? 0} of ${rows} rows: the server has lost some`,
    { hint: 'the load will be tried again' },
  );
}

/** P4: the lock waits for a transaction that may still be ending. */
async function confirmCommit(job: Load, lost: FloeError): Promise<Counts> {
  job.context.log('warn', 'the answer to the commit is lost; asking the ledger');
  await using session = await job.connection.open({ traceparent: job.traceparent });
  await session.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const state = await lockLoad(session, job.key);
  if (state.kind === 'done') return { rows: state.rows, bytes: state.bytes };
  throw lost;
}

async function sweep(session: TargetSession, job: Load): Promise<void> {
  const kept = await dropStaging(session, job.key);
  if (kept.length > 0)
    job.context.log('warn', 'staging tables of older attempts are still in use', { tables: kept });
}

/** The failure is what the caller has to hear of; the next attempt sweeps what stays. */
async function sweepAfterFailure(job: Load): Promise<void> {
  try {
    await using session = await job.connection.openForCleanup();
    await sweep(session, job);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    job.context.log('warn', 'the staging table stays for the next attempt', { reason });
  }
}
