import { setTimeout as wait } from 'node:timers/promises';
import { describeQuery, renderWithLiterals, type TargetSession } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { findConnection } from '../open-connection.ts';
import type { LeadContext } from '../runner.ts';
import { cutColumn } from './cut-column.ts';
import { type ExtractOptions, readExtractOptions } from './extract-options.ts';
import type { Handout } from './partition-share.ts';
import { cutPages, expectRows, findColumn, findSharedTable } from './plan-parts.ts';
import { BEGIN, exportSnapshot } from './snapshot.ts';

/** Often enough that a session that is gone is soon known to be, and that no server takes it for idle. */
const LOOK_EVERY_MS = 1_000;

/**
 * Holds the snapshot that all partitions of an extract read, and says which rows each of them takes.
 *
 * Its transaction has locked the tables of the query against changes of their columns. It ends, without a trace, by the
 * signal; when the session is lost the snapshot is, too.
 */
export async function leadPostgresExtract(context: LeadContext): Promise<void> {
  const options = readExtractOptions(context.config, context.params);
  const connection = await findConnection(context, options.connection);
  const { statementTimeoutMs } = options;
  await context.span(
    'postgres.snapshot',
    { connection: options.connection },
    async (traceparent) => {
      await using session = await connection.open({ traceparent, statementTimeoutMs });
      let isHeld = false;
      try {
        await session.transaction(BEGIN, async () => {
          const handout = await prepare(session, options, context.partitionCount);
          context.handOut(handout);
          isHeld = true;
          context.log(
            'info',
            `holds snapshot ${handout.snapshot} for ${context.partitionCount} partitions`,
          );
          await holdUntil(session, context);
        });
      } catch (thrown) {
        // The signal breaks off what the session does last, too, and nothing is lost with it.
        if (!isHeld || !context.signal.aborted) throw thrown;
      }
    },
  );
}

async function prepare(
  session: TargetSession,
  options: ExtractOptions,
  count: number,
): Promise<Handout> {
  const query = renderWithLiterals(options.template);
  const cuts = await cutsOf(session, query, { options, count });
  const expectedRows = await expectRows(session, query);
  return { snapshot: await exportSnapshot(session), expectedRows, cuts };
}

type Cutting = { readonly options: ExtractOptions; readonly count: number };

async function cutsOf(
  session: TargetSession,
  query: string,
  { options, count }: Cutting,
): Promise<Handout['cuts']> {
  const columns = await describeQuery(session, options.template);
  if (options.splitBy !== undefined) {
    const column = findColumn(options.splitBy, columns);
    const at = await cutColumn(session, query, { column, parts: count });
    return { by: 'column', at: [...at] };
  }
  const shared = await findSharedTable(session, query);
  if (typeof shared !== 'string') {
    const parts = Math.max(1, Math.min(count, shared.table.pages));
    return { by: 'pages', at: cutPages(shared.table, parts) };
  }
  throw new FloeError('ARGUMENT_INVALID', `the query cannot be shared in partitions: ${shared}`, {
    details: { field: 'partitions' },
    hint: 'name a column of its result in split_by, of integers, dates or timestamps',
  });
}

async function holdUntil(session: TargetSession, context: LeadContext): Promise<void> {
  const { signal } = context;
  while (!signal.aborted) {
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await session.query('select 1');
    context.progress({});
  }
}
