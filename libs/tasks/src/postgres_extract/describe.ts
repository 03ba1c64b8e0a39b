import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeQuery, type QueryColumn, type TargetSession } from '@floe/database';
import type { ParameterValue, Schema } from '@floe/expression';
import { writeDatasetFromCopy } from '@floe/frame';
import { type Config, stringField } from '../config-fields.ts';
import { parseQuery } from './query-template.ts';

/**
 * The columns that an extract will give, from the database, which runs nothing of the query. Of the parameters only
 * the types matter. Errors: as `describeQuery`; TYPE_UNSUPPORTED; COLUMN_MISMATCH for names that come twice.
 */
export async function describeExtract(
  session: TargetSession,
  config: Config,
  params: Readonly<Record<string, ParameterValue>>,
): Promise<Schema> {
  const template = parseQuery(stringField(config, 'query'), params);
  return schemaOfExtract(await describeQuery(session, template));
}

/** A binary COPY without rows: signature, flags, length of the extension, trailer (PostgreSQL, "COPY", file formats). */
const EMPTY_COPY = Buffer.from('5047434f50590aff0d0a000000000000000000ffff', 'hex');

/** What a run would make of no rows at all: so the same code decides, and the same columns are refused. */
async function schemaOfExtract(columns: readonly QueryColumn[]): Promise<Schema> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-describe-'));
  try {
    const path = join(folder, 'empty.ipc');
    const { schema } = await writeDatasetFromCopy(emptyCopy(), { columns, path, checkUtf8: false });
    return schema;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* emptyCopy(): AsyncGenerator<Buffer> {
  yield EMPTY_COPY;
}
