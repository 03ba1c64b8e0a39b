/**
 * The names of the replaced service in a schema that its readers look into: `public`, or what the setting
 * `floe.legacy_schema` of the database says.
 *
 *   O1. A table that stands there is extended by columns without a default: a change of the catalogue, no row is touched.
 *   O2. Nobody waits for long: a lock that is not had at once is given up and tried again, and the index that new rows are
 *       found by is made beside.
 *   O3. What only has one of the names, and is no table of the replaced service, is left as it is.
 *   O4. Repeated, it finds its own work and changes nothing.
 */
import pg from 'pg';
import { atOnce } from './at-once.ts';
import type { Patience } from './patience.ts';
import { EXTENSIONS, GRAPH_FUNCTION, OLD_NAMES, type OldName } from './old-names.ts';

type Place = { readonly client: pg.Client; readonly schema: string; readonly patiently: Patience };

export async function adoptOldTables(client: pg.Client, patiently: Patience): Promise<void> {
  const schema = await readSchema(client);
  if (schema === undefined) return;
  const place = { client, schema, patiently };
  for (const { name, kind, known } of await readRelations(place)) {
    const isTable = kind === 'r' || kind === 'p';
    if (kind === null) await offerView(place, name);
    else if (isTable && (await isOld(place, name))) await extend(place, name);
    else if (known === null) await remember(place, name, 'foreign'); // O3
  }
  await offerGraph(place);
}

/** Undefined when there is no such schema: then nobody reads there. */
async function readSchema(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ schema: string }>(
    `select nspname as schema from pg_namespace
     where nspname = coalesce(nullif(current_setting('floe.legacy_schema', true), ''), 'public')`,
  );
  return rows[0]?.schema;
}

type Relation = {
  readonly name: OldName;
  /** As pg_class has it; null where there is nothing of the name. */
  readonly kind: string | null;
  readonly known: string | null;
};

async function readRelations({ client, schema }: Place): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(
    `select name, c.relkind::text as kind, o.kind as known
     from unnest($2::text[]) with ordinality wanted(name, place)
     left join pg_class c on c.relname = name
       and c.relnamespace = (select oid from pg_namespace where nspname = $1)
     left join floe.old_table o using (name)
     order by place`,
    [schema, OLD_NAMES],
  );
  return rows;
}

/** It has at least the columns that its rows are found by. */
async function isOld({ client, schema }: Place, name: OldName): Promise<boolean> {
  const key = EXTENSIONS[name]?.key;
  if (key === undefined) return false;
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from information_schema.columns
     where table_schema = $1 and table_name = $2 and column_name = any($3)`,
    [schema, name, key],
  );
  return rows[0]!.count === key.length;
}

const NOT_ALLOWED = '42501';

async function offerView(place: Place, name: OldName): Promise<void> {
  const { client } = place;
  const view = qualified(place, name);
  await allowed(async () => {
    await client.query(`create view ${view} as select * from floe.${name}`);
    await client.query(`grant select on ${view} to floe_reporting`);
    await remember(place, name, 'view');
  });
}

/** Who may not make anything in the schema does without: the views of schema floe are there in any case. */
async function allowed(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === NOT_ALLOWED)) throw error;
  }
}

async function extend(place: Place, name: OldName): Promise<void> {
  const { client, schema } = place;
  const table = qualified(place, name);
  const { rows } = await client.query<{ column_name: string }>(
    'select column_name from information_schema.columns where table_schema = $1 and table_name = $2',
    [schema, name],
  );
  const present = new Set(rows.map(({ column_name }) => column_name));
  const missing = Object.entries(EXTENSIONS[name]!.columns).filter(
    ([column]) => !present.has(column),
  );
  if (missing.length > 0) {
    const added = missing.map(([column, type]) => `add column if not exists ${column} ${type}`);
    await place.patiently('of the old tables', () =>
      atOnce(client, `alter table ${table} ${added.join(', ')}`),
    ); // O1, O2
  }
  await indexKey(place, name);
  await client.query(`grant usage on schema ${pg.escapeIdentifier(schema)} to floe_metadata`);
  await client.query(`grant select, insert, update on ${table} to floe_metadata`);
  await grantSequences(place, name);
  await remember(place, name, 'table');
}

/** O2. An index of a partitioned table cannot be made beside: there, rows are found as the installation made it. */
async function indexKey(place: Place, name: OldName): Promise<void> {
  const { client, schema } = place;
  const table = qualified(place, name);
  const index = `floe_${name}_workflow_run_id_idx`;
  const { rows } = await client.query<{ is_valid: boolean; is_ours: boolean; relkind: string }>(
    `select i.indisvalid as is_valid, x.relname = $2 as is_ours, t.relkind::text as relkind
     from pg_class t
     left join pg_index i on i.indrelid = t.oid and i.indkey[0] = (
       select attnum from pg_attribute where attrelid = t.oid and attname = 'workflow_run_id') and i.indpred is null
     left join pg_class x on x.oid = i.indexrelid
     where t.oid = $1::regclass`,
    [table, index],
  );
  if (rows.some(({ is_valid }) => is_valid === true) || rows[0]!.relkind === 'p') return;
  const ours = `${pg.escapeIdentifier(schema)}.${index}`;
  // One that was cut off in the making is of no use to anybody.
  if (rows.some(({ is_ours }) => is_ours)) await client.query(`drop index concurrently ${ours}`);
  await client.query(
    `create index concurrently if not exists ${index} on ${table} (workflow_run_id)`,
  );
}

/** Rows that number themselves take the numbers from a sequence. */
async function grantSequences({ client, schema }: Place, name: OldName): Promise<void> {
  const { rows } = await client.query<{ sequence: string }>(
    `select s.oid::regclass::text as sequence from pg_depend d
     join pg_class s on s.oid = d.objid and s.relkind = 'S'
     where d.refobjid = $1::regclass`,
    [`${pg.escapeIdentifier(schema)}.${name}`],
  );
  for (const { sequence } of rows) {
    await client.query(`grant usage on sequence ${sequence} to floe_metadata`);
  }
}

async function offerGraph(place: Place): Promise<void> {
  const { client, schema } = place;
  const { rows } = await client.query(
    `select from pg_proc join pg_namespace n on n.oid = pronamespace where nspname = $1 and proname = $2`,
    [schema, GRAPH_FUNCTION],
  );
  if (rows.length > 0) return;
  const graph = qualified(place, GRAPH_FUNCTION);
  await allowed(() =>
    atOnce(
      client,
      `create function ${graph}(workflow_id text)
       returns table (node_id text, node_name text, node_type text, sequence_number integer, parent_nodes text[],
         child_nodes text[])
       language sql stable security definer set search_path = floe, pg_temp
       as 'select * from floe.${GRAPH_FUNCTION}($1)';
       revoke execute on function ${graph}(text) from public;
       grant execute on function ${graph}(text) to floe_reporting`,
    ),
  );
}

async function remember({ client, schema }: Place, name: OldName, kind: string): Promise<void> {
  await client.query(
    `insert into floe.old_table (name, schema_name, kind) values ($1, $2, $3)
     on conflict (name) do update set schema_name = excluded.schema_name, kind = excluded.kind
     where (old_table.schema_name, old_table.kind) <> (excluded.schema_name, excluded.kind)`,
    [name, schema, kind],
  );
}

function qualified({ schema }: Place, name: string): string {
  return `${pg.escapeIdentifier(schema)}.${name}`;
}
