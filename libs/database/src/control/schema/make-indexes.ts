/**
 * Indexes of tables that have many rows. In the transaction of a migration they would hold up whoever writes for as long
 * as the rows are read; so they are made after it, and beside.
 *
 *   I1. What is still to be made stands in the journal, written by the transaction of the migration: a migrator that is
 *       killed is followed by one that goes on.
 *   I2. Whoever writes waits for a lock of a moment, which is given up where it is not had at once.
 *   I3. A divided table gets the index partition by partition, and its own when all of them have it. Partitions that come
 *       meanwhile get theirs as they come.
 *   I4. An index that says what may be stored is part of its migration, however large the table is.
 */
import type pg from 'pg';
import { atOnce } from './at-once.ts';
import { readUnfinished, recordFinished } from './journal.ts';
import type { Patience } from './patience.ts';
import { splitStatements } from './split-statements.ts';

// Read in some hundredths of a second, which nobody minds.
const SMALL_BYTES = 8 * 1024 * 1024;
// It waits for those who write now and holds nobody up meanwhile, but not for ever.
const CONCURRENT_LOCK_TIMEOUT_MS = 600_000;

const INDEX = /^create\s+index\s+(?<index>\w+)\s+on\s+floe\.(?<table>\w+)\s+(?<rest>[\s\S]+)$/i;

type Index = { readonly index: string; readonly table: string; readonly rest: string };

function readIndex(statement: string): Index | undefined {
  return INDEX.exec(statement)?.groups as Index | undefined;
}

/** The text of a migration without the indexes that are to be made later. */
export async function splitOffIndexes(
  client: pg.Client,
  text: string,
): Promise<{ readonly text: string; readonly later: readonly string[] }> {
  const statements = splitStatements(text);
  const tables = statements.map((statement) => readIndex(statement)?.table);
  const large = await largeTables(client, tables);
  const later = statements.filter((_, place) => large.has(tables[place] ?? ''));
  if (later.length === 0) return { text, later };
  return { text: statements.filter((one) => !later.includes(one)).join(';\n'), later };
}

async function largeTables(
  client: pg.Client,
  tables: readonly (string | undefined)[],
): Promise<ReadonlySet<string>> {
  const named = tables.filter((table) => table !== undefined);
  if (named.length === 0) return new Set();
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) name
     where (select sum(pg_relation_size(relid)) from pg_partition_tree(to_regclass('floe.' || name))) > $2`,
    [named, SMALL_BYTES],
  );
  return new Set(rows.map(({ name }) => name));
}

/** I1. Safe to repeat from the beginning, at every step. */
export async function makeIndexes(client: pg.Client, patiently: Patience): Promise<void> {
  for (const statement of await readUnfinished(client)) {
    const index = readIndex(statement)!;
    await patiently(`of the index ${index.index}`, () => makeIndex(client, index));
    await recordFinished(client, statement);
  }
}

async function makeIndex(client: pg.Client, index: Index): Promise<void> {
  if (await isDivided(client, index.table)) await makeInParts(client, index);
  else await makeBeside(client, index);
}

async function isDivided(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ is_divided: boolean }>(
    `select relkind = 'p' as is_divided from pg_class where oid = to_regclass('floe.' || $1)`,
    [table],
  );
  return rows[0]?.is_divided === true;
}

async function makeBeside(client: pg.Client, { index, table, rest }: Index): Promise<void> {
  await client.query(`set lock_timeout = ${CONCURRENT_LOCK_TIMEOUT_MS}`);
  await dropHalfMadeIndex(client, index);
  await client.query(`create index concurrently if not exists ${index} on floe.${table} ${rest}`);
  await client.query('reset lock_timeout');
}

/** I2 and I3. */
async function makeInParts(client: pg.Client, { index, table, rest }: Index): Promise<void> {
  await atOnce(client, `create index if not exists ${index} on only floe.${table} ${rest}`);
  for (const leaf of await leavesWithout(client, { index, table })) {
    const name = `${leaf}${index.slice(table.length)}`;
    await makeBeside(client, { index: name, table: leaf, rest });
    await atOnce(client, `alter index floe.${index} attach partition floe.${name}`);
  }
}

async function leavesWithout(
  client: pg.Client,
  { index, table }: Pick<Index, 'index' | 'table'>,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ leaf: string }>(
    `select c.relname as leaf from pg_inherits t join pg_class c on c.oid = t.inhrelid
     where t.inhparent = to_regclass('floe.' || $1) and not exists (
       select from pg_index i join pg_inherits h on h.inhrelid = i.indexrelid
       where i.indrelid = c.oid and h.inhparent = to_regclass('floe.' || $2))
     order by leaf`,
    [table, index],
  );
  return rows.map(({ leaf }) => leaf);
}

/** What was cut off leaves an index that exists and is of no use to anybody. */
export async function dropHalfMadeIndex(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query(
    `select from pg_index join pg_class on oid = indexrelid
     where relnamespace = 'floe'::regnamespace and relname = $1 and not indisvalid`,
    [name],
  );
  if (rows.length > 0) await client.query(`drop index concurrently floe.${name}`);
}
