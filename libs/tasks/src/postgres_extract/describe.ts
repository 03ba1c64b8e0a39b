import { describeQuery, type TargetSession } from '@floe/database';
import type { ParameterValue, Schema } from '@floe/expression';
import { schemaOfColumns } from '@floe/frame/columns';
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
  return schemaOfColumns(await describeQuery(session, template));
}
