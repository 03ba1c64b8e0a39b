import {
  describeTable,
  quoteTableName,
  type RelationName,
  resolveTableName,
  type TargetSession,
} from '@floe/database/target';
import type { Schema } from '@floe/expression';
import type { Config } from '../config-fields.ts';
import { readLoadOptions } from './load-options.ts';
import { findLoadTarget } from './load-target.ts';

export type LoadDescription = {
  /** The table with the schema in which it is, or in which it would be made. */
  readonly table: RelationName;
  /** Column of the dataset and column of the table; undefined where the columns of the dataset are not known. */
  readonly columns: readonly (readonly [source: string, target: string])[] | undefined;
};

/**
 * Asks the database whether a load can work: the table is there or will be made, the columns fit, the key is unique.
 * Where the columns of the dataset are not known, only the table is looked for. Errors: TABLE_NOT_FOUND,
 * COLUMN_MISMATCH.
 */
export async function describeLoad(
  session: TargetSession,
  config: Config,
  schema: Schema | undefined,
): Promise<LoadDescription> {
  const options = readLoadOptions(config);
  if (schema !== undefined) await findLoadTarget(session, schema, options);
  else if (!options.createTable) await describeTable(session, options.table);
  const found = await resolveTableName(session, quoteTableName(options.table));
  const table = {
    schema: options.table.schema ?? found.schema,
    table: found.table ?? options.table.table,
  };
  const names = options.columns;
  const columns = schema?.map(({ name }) => {
    return [name, Object.hasOwn(names, name) ? names[name]! : name] as const;
  });
  return { table, columns };
}
