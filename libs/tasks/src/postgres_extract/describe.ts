import {
  type ColumnOrigin,
  describeQuery,
  findOrigins,
  findRelations,
  type RelationName,
  type TargetSession,
} from '@floe/database';
import type { ParameterValue, Schema } from '@floe/expression';
import { schemaOfExtract } from '@floe/frame/columns';
import type { Config } from '../config-fields.ts';
import { readExtractOptions } from './extract-options.ts';

export type ExtractDescription = {
  readonly schema: Schema;
  /** For each column where it comes from; undefined for one that the query computes. */
  readonly origins: readonly (ColumnOrigin | undefined)[];
  /** The tables that the query reads; undefined where PostgreSQL does not say. */
  readonly relations: readonly RelationName[] | undefined;
};

/**
 * The columns that an extract will give, from the database, which runs nothing of the query. Of the parameters only
 * the types matter. Errors: as `describeQuery`; COLUMN_MISMATCH for names that come twice.
 */
export async function describeExtract(
  session: TargetSession,
  config: Config,
  params: Readonly<Record<string, ParameterValue>>,
): Promise<ExtractDescription> {
  const { template, policy } = readExtractOptions(config, params);
  const columns = await describeQuery(session, template);
  return {
    schema: schemaOfExtract(columns, policy),
    origins: await findOrigins(session, columns),
    relations: await findRelations(session, template),
  };
}
