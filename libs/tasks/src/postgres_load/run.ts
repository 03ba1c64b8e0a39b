/**
 * Loads a dataset into a table, exactly once for a run and task, however often attempts repeat it.
 *
 * P1. One transaction brings the rows into the table, locks the ledger's row, checks its epoch, and marks the load done:
 *     all of it or nothing.
 * P2. A load that is done answers with the counts of the ledger and touches nothing.
 * P3. When the answer to the commit is lost, or rows stand in the way that may be the load's own from a faster attempt,
 *     the ledger is asked; nothing is guessed.
 * P4. The ledger's row is locked last, so that a newer attempt can open the load while an older one is copying; the older
 *     one then finds its epoch gone and rolls back.
 *
 * Rows go straight into the table where it takes them as they come. An upsert, and values that PostgreSQL has to read
 * from text, go through a staging table of the attempt that nobody else sees.
 */
import {
  type TargetSession,
  describeTable,
  quoteIdentifier,
  quoteTableName,
} from '@floe/database/target';
import { FloeError, saidOf } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { datasetSchema, encodeDataset } from '@floe/frame';
import type { LoadPlan } from '@floe/frame/columns';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import { datasetPaths, onlyInput } from '../dataset-path.ts';
import { type FoundConnection, findConnection } from '../open-connection.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { beginAgain } from './begin-again.ts';
import { askLedger } from './ask-ledger.ts';
import { explainRefusal } from './explain-refusal.ts';
import {
  type LedgerState,
  type LoadKey,
  ensureLedger,
  lockLoad,
  markDone,
  openLoad,
} from './load-ledger.ts';
import { type LoadMode, type LoadOptions, readLoadOptions } from './load-options.ts';
import { type LoadTarget, assertUnchanged, findLoadTarget, planNewColumns } from './load-target.ts';
import { assertDistinctKeys, mergeRows, prepareTable } from './merge-rows.ts';
import { createStaging, dropStaging, stagingName, stagingTable } from './staging-table.ts';

/** A session that holds the target's lock longer than this makes the attempt fail, to be tried again. */
const LOCK_TIMEOUT_MS = 30_000;
/** A worker that stops in the middle of the transaction keeps its locks no longer than this. */
const IDLE_TIMEOUT_MS = 30_000;
/** What runs is never done: the commit is still to come. */
const SHARE_MAX = 0.99;

type Load = {
  readonly context: TaskContext;
  readonly options: LoadOptions;
  readonly key: LoadKey;
  readonly paths: readonly string[];
  readonly rows: number;
  readonly connection: FoundConnection;
  readonly traceparent: string | undefined;
  /** Set when PostgreSQL has ended the transaction because it and another waited for each other. */
  readonly wasEnded?: boolean;
};

type Counts = { readonly rows: number; readonly bytes: number };

/** Another attempt was first: what this one did is rolled back. */
class DoneElsewhere extends Error {
  readonly counts: Counts;

  constructor(counts: Counts) {
    super('the load has taken effect in another attempt');
    this.counts = counts;
  }
}

export async function runPostgresLoad(context: TaskContext): Promise<TaskResult> {
  const options = readLoadOptions(context.config);
  const { dataset } = onlyInput(context);
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
    const { rows } = dataset;
    const paths = datasetPaths(dataset);
    const counts = await load({ context, options, key, paths, rows, connection, traceparent });
    if (counts.rows < rows) tellOfRowsLeftOut(context, mode, counts.rows, rows);
    context.progress({ ...counts, share: 1 });
    return counts;
  });
}

function tellOfRowsLeftOut(context: TaskContext, mode: LoadMode, taken: number, rows: number) {
  const words = `the table took ${taken} of ${rows} rows: triggers or rules of the database left out the others`;
  // An upsert that changes nothing leaves out what is there, as it should.
  if (mode === 'upsert') context.log('info', `${words}, or they were there`);
  else context.log('warn', words);
}

async function load(job: Load): Promise<Counts> {
  const { traceparent, options, connection } = job;
  const { statementTimeoutMs } = options;
  await using session = await connection.open({ traceparent, statementTimeoutMs });
  await ensureLedger(session);
  try {
    const state = await openLoad(session, job.key);
    if (state.kind === 'done') return alreadyDone(job, state);
    await sweep(session, job);
    return await beginAgain(job.context, (wasEnded) => loadOnce(session, { ...job, wasEnded }));
  } catch (thrown) {
    if (thrown instanceof DoneElsewhere) return thrown.counts;
    if (!isOpenQuestion(thrown) || job.context.signal.aborted) throw thrown;
    job.context.log('warn', `asking the ledger whether the load is done: ${thrown.message}`);
    const { rows, bytes } = await askLedger(job, thrown); // P3
    return { rows, bytes };
  }
}

/** P3: the connection broke, perhaps with the answer to a commit; or rows are refused that may be there by this load. */
function isOpenQuestion(thrown: unknown): thrown is FloeError {
  if (!(thrown instanceof FloeError)) return false;
  const { code, details } = thrown;
  return code === 'CONNECTION_FAILED' || STATES_IN_THE_WAY.has(details['sql_state'] ?? '');
}

/** Only of a unique key or an exclusion other rows can be in the way. */
const STATES_IN_THE_WAY: ReadonlySet<string> = new Set(['23505', '23P01']);

async function loadOnce(session: TargetSession, job: Load): Promise<Counts> {
  const { paths, options } = job;
  const schema = await datasetSchema(paths[0]!);
  const target = await findLoadTarget(session, schema, options);
  const staging = target.isDirect ? undefined : stagingTable(job.key);
  try {
    return staging === undefined
      ? await loadDirectly(session, job, { schema, target })
      : await loadThroughStaging(session, job, { schema, target });
  } catch (thrown) {
    const { masked } = job.context;
    const { tableText } = options;
    const refused = { paths, target, masked, tableText, staging };
    const explained = await explainRefusal(session, thrown, refused);
    if (staging !== undefined) await sweepAfterFailure(job);
    throw explained;
  }
}

function alreadyDone({ context }: Load, state: LedgerState & { kind: 'done' }): Counts {
  context.log('info', 'the load has taken effect in an earlier attempt', { rows: state.rows });
  return { rows: state.rows, bytes: state.bytes };
}

type Shape = { readonly schema: Schema; readonly target: LoadTarget };

function loadDirectly(session: TargetSession, job: Load, shape: Shape): Promise<Counts> {
  const { target } = shape;
  return commit(session, job, async () => {
    await assertUnchanged(session, shape, job.options);
    await prepareTable(session, target, job.options);
    const plan = await planOf(session, job, shape);
    return copyRows(session, job, { into: quoteTableName(target.table), plan, target });
  });
}

/** The types of a table that the load has made are those that PostgreSQL gave it. */
async function planOf(
  session: TargetSession,
  job: Load,
  { schema, target }: Shape,
): Promise<LoadPlan> {
  if (target.newColumns === undefined) return target.plan;
  const { columns } = await describeTable(session, target.table);
  return planNewColumns(columns, schema, job.options);
}

async function loadThroughStaging(
  session: TargetSession,
  job: Load,
  { schema, target }: Shape,
): Promise<Counts> {
  const { options, key, context } = job;
  const staging = stagingTable(key);
  await createStaging(session, key, target);
  const { columns } = await describeTable(session, stagingName(key));
  const plan = planNewColumns(columns, schema, options);
  // A transaction of its own, for behind a pooler the limit of statements holds in transactions only.
  const { rows, bytes } = await session.transaction(BEGIN, () =>
    copyRows(session, job, { into: staging, plan, target: undefined }),
  );
  if (options.mode === 'upsert')
    await assertDistinctKeys(session, staging, {
      target,
      key: options.key,
      masked: context.masked,
    });
  await session.query(`analyze ${staging}`);
  return commit(session, job, async () => {
    await assertUnchanged(session, { schema, target }, options);
    await assertCount(session, staging, rows);
    await prepareTable(session, target, options);
    const taken = await mergeRows(session, staging, target, options);
    await session.query(`drop table ${staging}`);
    return { rows: taken, bytes };
  });
}

type Copy = {
  readonly into: string;
  readonly plan: LoadPlan;
  readonly target: LoadTarget | undefined;
};

async function copyRows(
  session: TargetSession,
  job: Load,
  { into, plan, target }: Copy,
): Promise<Counts> {
  let bytes = 0;
  const onRows = (rows: number): void =>
    job.context.progress({ rows, bytes, share: Math.min(SHARE_MAX, rows / Math.max(1, job.rows)) });
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of encodeDataset(job.paths, plan, onRows)) {
      bytes += piece.length;
      yield piece;
    }
  }
  const columns = plan.map((column) => quoteIdentifier(column.target.name)).join(', ');
  const options = target?.isFrozen === true ? 'format binary, freeze true' : 'format binary';
  const rows = await session.copyIn(`copy ${into} (${columns}) from stdin (${options})`, pieces());
  return { rows, bytes };
}

/** What others have committed while a lock was waited for has to be seen, whatever the user's sessions begin with. */
const BEGIN = 'begin isolation level read committed';

/** P1, P4. */
function commit(session: TargetSession, job: Load, body: () => Promise<Counts>): Promise<Counts> {
  return session.transaction(BEGIN, async () => {
    await session.query(
      `set local lock_timeout = ${LOCK_TIMEOUT_MS};
       set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
    );
    if (job.wasEnded === true) await waitForOthersLikeIt(session, job.options);
    const counts = await body();
    const state = await lockLoad(session, job.key);
    if (state.kind === 'done') throw new DoneElsewhere(alreadyDone(job, state));
    await markDone(session, job.key, counts);
    return counts;
  });
}

/** Of several that were ended they would end each other again. */
async function waitForOthersLikeIt(session: TargetSession, { table }: LoadOptions): Promise<void> {
  await session.query(`select pg_advisory_xact_lock(hashtextextended($1, 2))`, [
    `floe_load ${quoteTableName(table)}`,
  ]);
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
    const reason = saidOf(thrown);
    job.context.log('warn', 'the staging table stays for the next attempt', { reason });
  }
}
