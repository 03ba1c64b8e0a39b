import { FloeError } from '@floe/errors';
import { findNearTable } from './describe-query.ts';
import { type TableName, quoteTableName } from './identifiers.ts';
import { type TargetType, resolveTypes } from './resolve-types.ts';
import type { TargetSession } from './target-session.ts';

export type TableColumn = {
  readonly name: string;
  readonly type: TargetType;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** PostgreSQL computes it always: a generated column or `generated always as identity`. */
  readonly isGenerated: boolean;
};

export type TargetTable = {
  readonly columns: readonly TableColumn[];
  /** Columns of each unique index that holds for all rows at once, the primary key first. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether COPY may write to it as INSERT does: not to views, nor past rules and row security. */
  readonly takesCopy: boolean;
  /** Whether it is one table, without partitions. */
  readonly isPlain: boolean;
};

type ColumnRow = {
  name: string;
  type_oid: number;
  modifier: number;
  dimensions: number;
  is_nullable: boolean;
  has_default: boolean;
  is_generated: boolean;
};

/** What a table is made of, or undefined when there is none of this name. */
export async function findTable(
  session: TargetSession,
  name: TableName,
): Promise<TargetTable | undefined> {
  const [found] = await session.query<{ oid: number | null }>(
    'select to_regclass($1)::oid::int8::float8 as oid',
    [quoteTableName(name)],
  );
  const oid = found?.oid ?? null;
  if (oid === null) return undefined;
  const rows = await session.query<ColumnRow>(COLUMNS, [oid]);
  const types = await resolveTypes(
    session,
    rows.map((row) => ({
      dataTypeID: row.type_oid,
      dataTypeModifier: row.modifier,
      dimensions: row.dimensions,
    })),
  );
  const columns = rows.map((row, index) => ({
    name: row.name,
    type: types[index]!,
    isNullable: row.is_nullable,
    hasDefault: row.has_default,
    isGenerated: row.is_generated,
  }));
  const keys = await session.query<{ columns: string[] }>(UNIQUE_KEYS, [oid]);
  const [kind] = await session.query<{ takes_copy: boolean; is_plain: boolean }>(KIND, [oid]);
  return {
    columns,
    uniqueKeys: keys.map((key) => key.columns),
    takesCopy: kind?.takes_copy === true,
    isPlain: kind?.is_plain === true,
  };
}

/** As `findTable`. Errors: TABLE_NOT_FOUND with the nearest name. In a transaction the error ends it. */
export async function describeTable(session: TargetSession, name: TableName): Promise<TargetTable> {
  const table = await findTable(session, name);
  if (table !== undefined) return table;
  const text = name.schema === undefined ? name.table : `${name.schema}.${name.table}`;
  const near = await findNearTable(session, text);
  throw new FloeError('TABLE_NOT_FOUND', `there is no table "${text}"`, {
    details: { table: text },
    hint: near === undefined ? 'create it first' : `did you mean "${near}"?`,
  });
}

const COLUMNS = `
  select a.attname as name, a.atttypid::int8::float8 as type_oid, a.atttypmod as modifier, a.attndims::int as dimensions,
         not a.attnotnull as is_nullable,
         a.atthasdef or a.attidentity = 'd' or t.typdefault is not null as has_default,
         a.attidentity = 'a' or a.attgenerated <> '' as is_generated
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = $1::float8::int8::oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

const KIND = `
  select relkind in ('r', 'p') and not relhasrules and not row_security_active(oid) as takes_copy, relkind = 'r' as is_plain
  from pg_class where oid = $1::float8::int8::oid`;

const UNIQUE_KEYS = `
  select array(
    select a.attname::text
    from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where k.place <= i.indnkeyatts order by k.place
  ) as columns
  from pg_index i
  where i.indrelid = $1::float8::int8::oid and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null
  order by i.indisprimary desc, i.indexrelid`;
