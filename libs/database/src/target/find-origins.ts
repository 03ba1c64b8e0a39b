import { FloeError } from '@floe/errors';
import type { QueryColumn } from './describe-query.ts';
import { type SqlTemplate, renderWithLiterals } from './sql-template.ts';
import type { TargetSession } from './target-session.ts';

/** A table or view in a database, with the schema that a bare name was looked up in. */
export type RelationName = { readonly schema: string; readonly table: string };

/** The column of a table or view that a query takes as it is. */
export type ColumnOrigin = RelationName & {
  readonly column: string;
  /** Rows are stored, so that reading the column cannot fail: a table, not a view. */
  readonly isStored: boolean;
};

type OriginRow = {
  relation: number;
  attribute: number;
  schema: string;
  table: string;
  column: string;
  is_stored: boolean;
};

/** Where each column of a query comes from; undefined for one that the query computes. */
export async function findOrigins(
  session: TargetSession,
  columns: readonly QueryColumn[],
): Promise<readonly (ColumnOrigin | undefined)[]> {
  const given = columns.flatMap(({ origin }) => origin ?? []);
  if (given.length === 0) return columns.map(() => undefined);
  const rows = await session.query<OriginRow>(ORIGINS, [
    given.map(({ relation }) => relation),
    given.map(({ attribute }) => attribute),
  ]);
  const found = new Map(rows.map((row) => [`${row.relation}/${row.attribute}`, row]));
  return columns.map(({ origin }) => {
    const row = origin && found.get(`${origin.relation}/${origin.attribute}`);
    if (row === undefined) return undefined;
    const { schema, table, column, is_stored: isStored } = row;
    return { schema, table, column, isStored };
  });
}

const ORIGINS = `
  select distinct c.oid::int8::float8 as relation, a.attnum::float8 as attribute, n.nspname::text as schema,
         c.relname::text as table, a.attname::text as column, c.relkind in ('r', 'p', 'm') as is_stored
  from unnest($1::oid[], $2::int2[]) as g (relation, attribute)
  join pg_class c on c.oid = g.relation
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum = g.attribute`;

/**
 * The tables that a query reads, by PostgreSQL's own plan for it, in which views are replaced by their tables. Nothing
 * of the query runs. Undefined where PostgreSQL makes no plan of it.
 */
export async function findRelations(
  session: TargetSession,
  template: SqlTemplate,
): Promise<readonly RelationName[] | undefined> {
  const plan = await explainPlan(session, template);
  if (plan === undefined) return undefined;
  const names = [...relationsIn(plan)];
  if (names.length === 0) return [];
  return session.query<{ schema: string; table: string }>(ROOTS, [
    names.map(({ schema }) => schema),
    names.map(({ table }) => table),
  ]);
}

/** A query of a few hundred partitions is named by the table that they belong to. */
const ROOTS = `
  select distinct rn.nspname::text as schema, r.relname::text as table
  from unnest($1::text[], $2::text[]) as g (schema, name)
  join pg_namespace n on n.nspname = g.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = g.name
  join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
  join pg_namespace rn on rn.oid = r.relnamespace
  order by 1, 2`;

async function explainPlan(session: TargetSession, template: SqlTemplate): Promise<unknown> {
  try {
    const query = renderWithLiterals(template);
    const [row] = await session.query<{ 'QUERY PLAN': unknown }>(
      `explain (verbose, format json) ${query}`,
    );
    return row?.['QUERY PLAN'];
  } catch (thrown) {
    // The plan is asked for after the query was described: what fails now is a matter of sample values.
    if (thrown instanceof FloeError && thrown.category === 'invalid') return undefined;
    throw thrown;
  }
}

function* relationsIn(node: unknown): Generator<RelationName> {
  if (Array.isArray(node)) {
    for (const each of node) yield* relationsIn(each);
  } else if (typeof node === 'object' && node !== null) {
    const { 'Relation Name': table, Schema: schema } = node as Record<string, unknown>;
    if (typeof table === 'string' && typeof schema === 'string') yield { schema, table };
    for (const each of Object.values(node)) yield* relationsIn(each);
  }
}

/** The schema that a table's name leads to; for one that is not there, the schema in which it would be made. */
export async function resolveTableName(
  session: TargetSession,
  quotedName: string,
): Promise<{ readonly schema: string; readonly table: string | null }> {
  const [row] = await session.query<{ schema: string; table: string | null }>(
    `select coalesce(n.nspname, current_schema(), 'public')::text as schema, c.relname::text as table
     from (select to_regclass($1) as oid) as named
     left join pg_class c on c.oid = named.oid left join pg_namespace n on n.oid = c.relnamespace`,
    [quotedName],
  );
  return row ?? { schema: 'public', table: null };
}
