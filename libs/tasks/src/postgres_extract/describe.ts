import {
  type ColumnOrigin,
  describeQuery,
  findOrigins,
  findRelations,
  type RelationName,
  type TargetSession,
} from '@floe/database/target';
import type { ParameterValue, Schema } from '@floe/expression';
import { planExtractColumns, schemaOfExtract } from '@floe/frame/columns';
import type { PushDown } from '@floe/plan';
import type { Config } from '../config-fields.ts';
import { readExtractOptions } from './extract-options.ts';
import { pushIntoQuery, sqlText, wantedPart } from './push-into-query.ts';

export type ExtractDescription = {
  readonly schema: Schema;
  /** For each column where it comes from; undefined for one that the query computes. */
  readonly origins: readonly (ColumnOrigin | undefined)[];
  /** The tables that the query reads; undefined where PostgreSQL does not say. */
  readonly relations: readonly RelationName[] | undefined;
  /** The statement that the extract would run, and what of the query it would leave out. */
  explain(push: PushDown | undefined): ExplainedExtract;
};

export type ExplainedExtract = {
  /** For people: parameters stand by their names. */
  readonly sql: string;
  readonly columnsLeftOut: readonly string[];
  /** The condition for rows; empty where all are extracted. */
  readonly where: string;
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
  const described = await describeQuery(session, template);
  const origins = await findOrigins(session, described);
  const relations = await findRelations(session, template);
  const [server] = await session.query<{ server_encoding: string }>('show server_encoding');
  const columns = planExtractColumns(described, policy);
  return {
    schema: schemaOfExtract(described, policy),
    origins,
    relations,
    explain(push = { conditions: [] }) {
      const isUtf8 = server?.server_encoding === 'UTF8';
      const facts = { push, columns, origins, policy, isUtf8, params };
      const part = wantedPart(facts);
      const kept = new Set(part.columns);
      return {
        sql: sqlText(pushIntoQuery(template, facts)),
        columnsLeftOut: columns.filter((each) => !kept.has(each)).map(({ column }) => column.name),
        where: part.where === undefined ? '' : sqlText(part.where),
      };
    },
  };
}
