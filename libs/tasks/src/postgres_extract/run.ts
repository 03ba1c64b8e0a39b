import { setTimeout as wait } from 'node:timers/promises';
import {
  type TargetSession,
  describeQuery,
  quoteIdentifier,
  renderWithLiterals,
} from '@floe/database/target';
import { CopyDataset, type DatasetFacts } from '@floe/frame';
import { type ExtractColumn, planExtractColumns } from '@floe/frame/columns';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import { pushWanted, type Wanted } from './push-wanted.ts';
import { datasetResult } from '../dataset-path.ts';
import { type FoundConnection, findConnection } from '../open-connection.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { type ExtractOptions, readExtractOptions } from './extract-options.ts';
import { type ExtractParts, planParts } from './plan-parts.ts';
import { partOf, shareOfPartition, type Share } from './partition-share.ts';
import { runTogether } from './run-together.ts';
import { BEGIN, exportSnapshot, importSnapshot, joinSnapshot } from './snapshot.ts';

type Extract = {
  readonly context: TaskContext;
  readonly options: ExtractOptions;
  readonly connection: FoundConnection;
  readonly traceparent: string | undefined;
  /** Ends the statements of all connections once one of them has failed. */
  readonly failing: AbortController;
};

/** Estimates err; what runs is never done. */
const SHARE_MAX = 0.99;
/** An error has to come, and its connection to be closed. */
const HOLDER_SPEAKS_WITHIN_MS = 2_000;

/**
 * Streams the rows of a query into a dataset, as binary COPY, in bounded memory, on one connection or several.
 *
 * The description and the COPY share one transaction, so that no column changes its type in between, and further
 * connections take over its snapshot, so that no row is seen twice or not at all. It only reads, so that an attempt can
 * be repeated.
 */
export async function runPostgresExtract(context: TaskContext): Promise<TaskResult> {
  const options = readExtractOptions(context.config, context.params);
  const connection = await findConnection(context, options.connection);
  const attributes = { [ATTRIBUTE.dbSystem]: 'postgresql', connection: options.connection };
  return context.span('postgres.extract', attributes, async (traceparent) => {
    const { statementTimeoutMs } = options;
    const failing = new AbortController();
    const { signal } = failing;
    await using session = await connection.open({ traceparent, signal, statementTimeoutMs });
    const job = { context, options, connection, traceparent, failing };
    const share = shareOfPartition(context);
    const facts = await session.transaction(BEGIN, async () => {
      if (share !== undefined) await joinSnapshot(session, share.handout.snapshot);
      return extract(session, job, share);
    });
    context.progress({ rows: facts.rows, bytes: facts.bytes, share: 1 });
    return datasetResult(context, facts);
  });
}

async function extract(
  session: TargetSession,
  job: Extract,
  share: Share | undefined,
): Promise<DatasetFacts> {
  const { context, options } = job;
  const described = await describeQuery(session, options.template);
  const all = planExtractColumns(described, options.policy);
  const query = renderWithLiterals(options.template);
  const parts =
    share === undefined
      ? await planParts(session, query, { ...options, columns: described })
      : partOf(query, share, options);
  if (parts.whyOne !== undefined)
    context.log('info', `the query runs on one connection: ${parts.whyOne}`);
  const [server] = await session.query<{ server_encoding: string }>('show server_encoding');
  const encoding = server?.server_encoding;
  const wanted = await pushWanted(session, job, { described, columns: all, encoding });
  const unfit = new Map<string, number>();
  await using dataset = await CopyDataset.create({
    columns: wanted.columns.map(({ column }) => column),
    path: context.outputPath,
    checkUtf8: encoding === 'SQL_ASCII',
    ...(options.policy.unfit === 'null' && {
      onUnfit: (column) => unfit.set(column, (unfit.get(column) ?? 0) + 1),
    }),
    onProgress: (rows, bytes) => context.progress({ rows, bytes, share: shareOf(rows, parts) }),
  });
  const copies = parts.queries.map((each) => copyStatement(each, wanted));
  await copyParts(session, { ...job, copies, connections: parts.connections, dataset });
  for (const [column, count] of unfit)
    context.log(
      'warn',
      `${count} values of column "${column}" became NULL: Polars cannot hold them`,
    );
  return await dataset.finish();
}

function shareOf(rows: number, { expectedRows }: ExtractParts): number {
  return expectedRows === 0 ? 0 : Math.min(SHARE_MAX, rows / expectedRows);
}

/** The line breaks end a comment at the end of the query. */
function copyStatement(query: string, { columns, where, isWhole }: Wanted): string {
  const isPlain = isWhole && columns.every(({ cast }) => cast === undefined);
  const list = columns.map(({ column, cast }) => castColumn(column.name, cast)).join(', ');
  const source = isPlain ? query : `select ${list} from (${query}\n) as floe_source${where}`;
  return `copy (${source}\n) to stdout (format binary)`;
}

function castColumn(name: string, cast: ExtractColumn['cast']): string {
  const quoted = quoteIdentifier(name);
  switch (cast) {
    case undefined:
      return quoted;
    case 'inet':
      return `textin(inet_out(${quoted})) as ${quoted}`;
    default:
      return `cast(${quoted} as ${cast}) as ${quoted}`;
  }
}

type Copies = Extract & {
  readonly copies: readonly string[];
  readonly connections: number;
  readonly dataset: CopyDataset;
};

/** One of the connections is the session that decided the parts. */
async function copyParts(session: TargetSession, job: Copies): Promise<void> {
  const { connections, connection, traceparent, options, context, failing } = job;
  // All take their next part from it, so that those with fewer rows in theirs do more of them.
  const copies = job.copies.values();
  if (connections === 1) return copyFrom(session, copies, job, context.signal);
  const snapshot = await exportSnapshot(session);
  context.log('info', `the query runs on ${connections} connections`);
  const { statementTimeoutMs } = options;
  const held = new AbortController();
  const others = Array.from({ length: connections - 1 }, () => async (signal: AbortSignal) => {
    await using other = await connection.open({ traceparent, signal, statementTimeoutMs });
    await other.transaction(BEGIN, async () => {
      await importSnapshot(other, snapshot).catch((thrown: unknown) => afterHolder(held, thrown));
      await copyFrom(other, copies, job, signal);
    });
  });
  const holder = (signal: AbortSignal) =>
    copyFrom(session, copies, job, signal).finally(() => held.abort());
  await runTogether([holder, ...others], failing);
}

/** The snapshot ends with its transaction, which may be sooner than its holder is told why: that says more. */
async function afterHolder({ signal }: AbortController, thrown: unknown): Promise<never> {
  await wait(HOLDER_SPEAKS_WITHIN_MS, undefined, { signal }).catch(() => undefined);
  throw thrown;
}

async function copyFrom(
  session: TargetSession,
  copies: IterableIterator<string>,
  { dataset }: Copies,
  signal: AbortSignal,
): Promise<void> {
  const part = dataset.openPart();
  for (const copy of copies) {
    signal.throwIfAborted();
    await session.copyOut(copy, {
      receive(messages) {
        signal.throwIfAborted();
        return part.receive(messages);
      },
    });
    part.endCopy();
  }
  await part.end();
}
