import {
  type SqlTemplate,
  type TargetSession,
  describeQuery,
  renderWithLiterals,
} from '@floe/database';
import { type DatasetFacts, writeDatasetFromCopy } from '@floe/frame';
import { ATTRIBUTE } from '@floe/telemetry';
import { stringField } from '../config-fields.ts';
import { datasetResult } from '../dataset-path.ts';
import { findConnection } from '../open-connection.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { parseQuery } from './query-template.ts';

/**
 * Streams the rows of a query into a dataset, as binary COPY, in bounded memory.
 *
 * The description and the COPY share one transaction, so that no column changes its type in between; it only reads,
 * so that an attempt can be repeated.
 */
export async function runPostgresExtract(context: TaskContext): Promise<TaskResult> {
  const name = stringField(context.config, 'connection');
  const template = parseQuery(stringField(context.config, 'query'), context.params);
  const connection = await findConnection(context, name);
  const attributes = { [ATTRIBUTE.dbSystem]: 'postgresql', connection: name };
  return context.span('postgres.extract', attributes, async (traceparent) => {
    await using session = await connection.open(traceparent);
    const facts = await session.transaction('begin read only', () =>
      extract(session, template, context),
    );
    context.progress({ rows: facts.rows, bytes: facts.bytes });
    return datasetResult(context, facts);
  });
}

async function extract(
  session: TargetSession,
  template: SqlTemplate,
  context: TaskContext,
): Promise<DatasetFacts> {
  const columns = await describeQuery(session, template);
  const [server] = await session.query<{ server_encoding: string }>('show server_encoding');
  // The line break ends a comment at the end of the query.
  const copy = `copy (${renderWithLiterals(template)}\n) to stdout (format binary)`;
  return writeDatasetFromCopy(session.copyOut(copy), {
    columns,
    path: context.outputPath,
    checkUtf8: server?.server_encoding === 'SQL_ASCII',
    onProgress: (rows, bytes) => context.progress({ rows, bytes }),
  });
}
