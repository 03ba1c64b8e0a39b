import { openTarget, type TargetAddress } from '@floe/database';

/** A table as far as a first workflow needs to know it. */
export type SeenTable = {
  readonly schema: string;
  readonly table: string;
  /** The statistics' estimate; 0 for one that was never analysed. */
  readonly estimatedRows: number;
  readonly columns: readonly SeenColumn[];
  /** Columns that tell rows apart and are never null: the primary key, else a unique index. Empty for none. */
  readonly key: readonly string[];
};

export type SeenColumn = {
  readonly name: string;
  /** As SQL has to write it: in quotes where that is needed. */
  readonly quoted: string;
  /** Of the catalogue: `timestamptz`, `int4`. */
  readonly type: string;
  readonly isNullable: boolean;
};

// Databases have a few hundred tables; of ten thousand, nobody wants a first workflow of the last.
const TABLES_MAX = 1_000;
// The catalogue answers in milliseconds, also where it is large.
const LOOK_WITHIN_MS = 10_000;

type Row = {
  readonly schema: string;
  readonly table: string;
  readonly estimated_rows: number;
  readonly columns: readonly SeenColumn[];
  readonly key: readonly string[] | null;
};

/** The tables that the user may read and that are not Floe's own, the largest first. Errors: those of opening a session. */
export async function lookAtTables(address: TargetAddress): Promise<readonly SeenTable[]> {
  await using session = await openTarget(address, {
    applicationName: 'floe-init',
    statementTimeoutMs: LOOK_WITHIN_MS,
  });
  const rows = await session.query<Row>(TABLES, [TABLES_MAX]);
  return rows.map(({ schema, table, estimated_rows: estimated, columns, key }) => ({
    schema,
    table,
    estimatedRows: Math.max(0, estimated),
    columns,
    key: key ?? [],
  }));
}

const TABLES = `
with seen as (
  select c.oid, n.nspname, c.relname, c.reltuples
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname not in ('information_schema', 'floe', 'floe_load') and n.nspname !~ '^pg_'
    and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')
  order by c.reltuples desc, n.nspname, c.relname
  limit $1
)
select s.nspname as schema, s.relname as table, s.reltuples::float8 as estimated_rows,
  (select json_agg(json_build_object('name', a.attname, 'quoted', pg_catalog.quote_ident(a.attname),
      'type', t.typname, 'isNullable', not a.attnotnull) order by a.attnum)
    from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped) as columns,
  -- An index over expressions or a part of the rows tells no rows apart, nor does one over columns that may be null.
  (select array(select a.attname::text from unnest(i.indkey::smallint[]) with ordinality k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = s.oid and a.attnum = k.attnum
      where k.place <= i.indnkeyatts order by k.place)
    from pg_catalog.pg_index i
    where i.indrelid = s.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
      and not exists (select from pg_catalog.pg_attribute a
        where a.attrelid = s.oid and a.attnum = any (i.indkey::smallint[]) and not a.attnotnull)
    order by i.indisprimary desc, i.indnkeyatts, i.indexrelid
    limit 1) as key
from seen s
where exists (select from pg_catalog.pg_attribute a where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped)
order by s.reltuples desc, s.nspname, s.relname`;
