import { describeTable, type TargetSession } from '@floe/database';
import type { Schema } from '@floe/expression';
import type { Config } from '../config-fields.ts';
import { readLoadOptions } from './load-options.ts';
import { findLoadTarget } from './load-target.ts';

/**
 * Asks the database whether a load can work: the table is there or will be made, the columns fit, the key is unique.
 * Where the columns of the dataset are not known, only the table is looked for. Errors: TABLE_NOT_FOUND,
 * COLUMN_MISMATCH.
 */
export async function checkLoad(
  session: TargetSession,
  config: Config,
  schema: Schema | undefined,
): Promise<void> {
  const options = readLoadOptions(config);
  if (schema !== undefined) await findLoadTarget(session, schema, options);
  else if (!options.createTable) await describeTable(session, options.table);
}
