import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';

type Tx = Transaction<FloeTables>;

/** A table of the replaced service, as it stands. */
export type OldTable = {
  readonly schema: string;
  readonly name: 'workflow_run_stats' | 'node_run_details';
  /** Its columns that Floe has a value for, with their types there. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
};

const KEYS: Readonly<Record<OldTable['name'], readonly string[]>> = {
  workflow_run_stats: ['workflow_run_id'],
  node_run_details: ['workflow_run_id', 'node_id'],
};

type TableRow = { readonly name: OldTable['name']; readonly schema_name: string };

/** The tables that new runs are written to; none where there are views. */
export async function readOldTables(tx: Tx): Promise<OldTable[]> {
  const { rows } = await sql<TableRow>`
    select name, schema_name from old_table where kind = 'table' order by name desc`.execute(tx);
  const tables: OldTable[] = [];
  for (const { name, schema_name: schema } of rows) {
    const columns = await sql<{ name: string; type: string }>`
      select t.attname as name, format_type(t.atttypid, t.atttypmod) as type
      from pg_attribute t
      join pg_attribute v on v.attrelid = ${`floe.${name}`}::regclass and v.attname = t.attname
      where t.attrelid = format('%I.%I', ${schema}::text, ${name}::text)::regclass and t.attnum > 0
        and not t.attisdropped and t.attgenerated = '' and v.attname not like 'floe\\_%'
      order by t.attnum`.execute(tx);
    tables.push({ schema, name, columns: columns.rows });
  }
  return tables;
}

/**
 * Writes the rows of runs as they are now: those that are there are changed, others come new. Names are those of the catalogue
 * and are quoted; values are cast to the types that the table has. One writer at a time, so that no row comes twice though
 * the table may have no unique key.
 */
export async function writeRows(tx: Tx, table: OldTable, runIds: readonly string[]): Promise<void> {
  const target = sql.id(table.schema, table.name);
  const key = KEYS[table.name];
  const isKey = sql.join(
    key.map((name) => sql`t.${sql.id(name)} = v.${sql.id(name)}`),
    sql` and `,
  );
  const changed = table.columns.filter(({ name }) => !key.includes(name));
  const rows = rowsOf(table, runIds);
  const assignments = changed.map(({ name }) => sql`${sql.id(name)} = v.${sql.id(name)}`);
  await sql`/* metadata.update_old_table */
    update ${target} t set ${sql.join(assignments)} from (${rows}) v where ${isKey}`.execute(tx);
  const names = sql.join(table.columns.map(({ name }) => sql.id(name)));
  await sql`/* metadata.insert_old_table */
    insert into ${target} (${names})
    select ${names} from (${rows}) v where not exists (select from ${target} t where ${isKey})`.execute(
    tx,
  );
}

/** One run at a time: a join of the view would read the history of all runs. */
function rowsOf({ name, columns }: OldTable, runIds: readonly string[]): RawBuilder<unknown> {
  const values = columns.map(
    (column) => sql`s.${sql.id(column.name)}::${sql.raw(column.type)} as ${sql.id(column.name)}`,
  );
  return sql`
    select ${sql.join(values)} from unnest(${[...runIds]}::uuid[]) wanted(run_id)
    cross join lateral (select * from ${sql.id('floe', name)} where floe_run_id = wanted.run_id offset 0) s`;
}
