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
  /** Its domain may refuse NULL, which COPY, unlike INSERT, does not ask it about in a column that is left out. */
  readonly isOfDomain: boolean;
  /** What the session's user may do with the column. */
  readonly rights: readonly ColumnRight[];
};

export type ColumnRight = 'insert' | 'update' | 'select';
export type TableRight = 'delete' | 'truncate';

/** A unique index that holds for all rows at once. */
export type UniqueKey = {
  readonly columns: readonly string[];
  /** Whether NULL equals NULL in it, so that it finds a key with NULL again. */
  readonly findsNull: boolean;
};

/** What takes rows. */
export type TableKind = 'table' | 'partitioned table' | 'view' | 'foreign table';

export type TargetTable = {
  readonly columns: readonly TableColumn[];
  /** The primary key first. */
  readonly uniqueKeys: readonly UniqueKey[];
  /** Whether COPY may write to it as INSERT does: not to views, nor past rules and row security. */
  readonly takesCopy: boolean;
  readonly kind: TableKind;
  /** Whether rules turn an INSERT or UPDATE into something else: PostgreSQL then takes no ON CONFLICT. */
  readonly hasWriteRules: boolean;
  /** What the session's user may do with the table as a whole. */
  readonly rights: readonly TableRight[];
};

type ColumnRow = {
  name: string;
  type_oid: number;
  modifier: number;
  dimensions: number;
  is_nullable: boolean;
  has_default: boolean;
  is_generated: boolean;
  is_of_domain: boolean;
  rights: ColumnRight[];
};

type FoundRow = {
  oid: number;
  kind: TableKind | null;
  kind_in_words: string;
  takes_copy: boolean;
  takes_inserts: boolean;
  has_write_rules: boolean;
  rights: TableRight[];
};

/**
 * What a table is made of, or undefined when there is none of this name. Errors: TABLE_NOT_FOUND for what has a name like a
 * table and takes no rows.
 */
export async function findTable(
  session: TargetSession,
  name: TableName,
): Promise<TargetTable | undefined> {
  const [found] = await session.query<FoundRow>(FOUND, [quoteTableName(name)]);
  if (found === undefined) return undefined;
  const { oid, kind } = found;
  if (kind === null) throw takesNoRows(name, found.kind_in_words);
  if (!found.takes_inserts) throw takesNoRows(name, `a ${kind} that takes no rows`);
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
    isOfDomain: row.is_of_domain,
    rights: row.rights,
  }));
  return {
    columns,
    uniqueKeys: await session.query<UniqueKey>(UNIQUE_KEYS, [oid]),
    takesCopy: found.takes_copy,
    kind,
    hasWriteRules: found.has_write_rules,
    rights: found.rights,
  };
}

function textOf({ schema, table }: TableName): string {
  return schema === undefined ? table : `${schema}.${table}`;
}

function takesNoRows(name: TableName, kind: string): FloeError {
  const table = textOf(name);
  return new FloeError('TABLE_NOT_FOUND', `"${table}" is no table: it is ${kind}`, {
    details: { table },
    hint: 'name a table, or a view that PostgreSQL can write through',
  });
}

/** As `findTable`. Errors: TABLE_NOT_FOUND with the nearest name. In a transaction the error ends it. */
export async function describeTable(session: TargetSession, name: TableName): Promise<TargetTable> {
  const table = await findTable(session, name);
  if (table !== undefined) return table;
  const text = textOf(name);
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
         a.attidentity = 'a' or a.attgenerated <> '' as is_generated, t.typtype = 'd' as is_of_domain,
         array(select r from unnest('{insert,update,select}'::text[]) as r
               where has_column_privilege(a.attrelid, a.attnum, r)) as rights
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = $1::float8::int8::oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

/** The bit of `pg_relation_is_updatable` for INSERT. */
const INSERTS = 8;

const FOUND = `
  select oid::int8::float8 as oid, relkind in ('r', 'p') and not relhasrules and not row_security_active(oid) as takes_copy,
         relkind in ('r', 'p') or pg_relation_is_updatable(oid, true) & ${INSERTS} <> 0 as takes_inserts,
         exists (select from pg_rewrite where ev_class = c.oid and ev_type in ('2', '3')) as has_write_rules,
         array(select r from unnest('{delete,truncate}'::text[]) as r where has_table_privilege(c.oid, r)) as rights,
         case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'f' then 'foreign table'
         end as kind,
         case relkind when 'm' then 'a materialized view' when 'i' then 'an index' when 'I' then 'an index'
                      when 'S' then 'a sequence' when 'c' then 'a composite type' else 'something else' end as kind_in_words
  from pg_class c where oid = to_regclass($1)`;

const UNIQUE_KEYS = `
  select array(
    select a.attname::text
    from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where k.place <= i.indnkeyatts order by k.place
  ) as columns,
  -- Servers before 15 know none.
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as "findsNull"
  from pg_index i
  where i.indrelid = $1::float8::int8::oid and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null and not i.indisexclusion
  order by i.indisprimary desc, i.indexrelid`;
