/** Past runs. Whoever imports holds a lock for as long as it takes: two sources may know the same run. */
import { sql, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables } from '@floe/database';
import {
  accountsOf,
  PAST_NODE_COLUMNS,
  PAST_RUN_COLUMNS,
  textOf,
  type Account,
  type JsonRecord,
} from '@floe/legacy';

type Db = ControlDatabase['db'];
type Tx = Transaction<FloeTables>;

/** A run with its nodes as columns of `legacy_run` and `legacy_node_run`. */
export type LegacyRunRow = {
  readonly workflow_run_id: string;
  readonly checksum: string;
  readonly [column: string]: unknown;
};
export type LegacyNodeRunRow = {
  readonly workflow_run_id: string;
  readonly node_id: string;
  readonly [column: string]: unknown;
};

/** Importers one after the other, each in a transaction of its own. */
export function importAlone<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('floe.import_runs'))`.execute(tx);
    return work(tx);
  });
}

/** Ids of runs of which each source has said the same before. */
export async function sameRuns(
  tx: Tx,
  accounts: ReadonlyMap<string, Account>,
): Promise<ReadonlySet<string>> {
  const said = [...accounts].map(([id, { source, checksum }]) => ({ id, source, checksum }));
  const { rows } = await sql<{ id: string }>`/* metadata.same_runs */
    select said.id from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as said(id text, source text, checksum text)
    join floe.legacy_run r on r.workflow_run_id = said.id
    where said.checksum = case
      when r.document ? 'accounts' then r.document #>> array['accounts', said.source, 'checksum']
      when r.source = said.source then r.checksum
    end`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

type KnownRow = {
  readonly source: Account['source'];
  readonly checksum: string;
  readonly run: JsonRecord;
  readonly nodes: readonly JsonRecord[];
  readonly document: JsonRecord;
};

/** What every source has said of runs that are there, by id. */
export async function knownAccounts(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Account[]>> {
  const { rows } = await sql<KnownRow>`/* metadata.known_accounts */
    select r.source, r.checksum, r.document, to_jsonb(r) as run, coalesce((
      select jsonb_agg(n order by n.node_id) from floe.legacy_node_run n where n.workflow_run_id = r.workflow_run_id
    ), '[]') as nodes
    from floe.legacy_run r where r.workflow_run_id = any(${[...ids]}::text[])`.execute(tx);
  return new Map(
    rows.map((row) => {
      const accounts = accountsOf(row.document);
      return [
        textOf(row.run['workflow_run_id']),
        accounts.length > 0 ? accounts : [onlyAccount(row)],
      ];
    }),
  );
}

/** Of a run that one source knows its row is the account. */
function onlyAccount({ source, checksum, run, nodes, document }: KnownRow): Account {
  return {
    source,
    checksum,
    run: plainRow(run, PAST_RUN_COLUMNS),
    nodes: nodes.map((node) => plainRow(node, PAST_NODE_COLUMNS)),
    document,
  };
}

const INSTANTS: ReadonlySet<string> = new Set([
  'start_timestamp',
  'end_timestamp',
  'node_start_timestamp',
  'node_end_timestamp',
]);
const WHOLE: ReadonlySet<string> = new Set(['source_rows', 'target_rows', 'parent_storage_size']);

/** As it was sent: instants in UTC, numbers of 64 bits as text. */
function plainRow(row: JsonRecord, columns: readonly string[]): JsonRecord {
  return Object.fromEntries(
    columns.map((column) => {
      const value = row[column] ?? null;
      if (value === null) return [column, value];
      if (INSTANTS.has(column)) return [column, new Date(textOf(value)).toISOString()];
      return [column, WHOLE.has(column) ? textOf(value) : value];
    }),
  );
}

/** Stores runs with their nodes, in place of what was there of them. */
export async function putLegacyRuns(
  tx: Tx,
  runs: readonly LegacyRunRow[],
  nodes: readonly LegacyNodeRunRow[],
): Promise<void> {
  if (runs.length === 0) return;
  const sorted = runs.toSorted((a, b) => (a.workflow_run_id < b.workflow_run_id ? -1 : 1));
  const ids = sorted.map((run) => run.workflow_run_id);
  await tx.deleteFrom('legacy_run').where('workflow_run_id', 'in', ids).execute();
  await sql`/* metadata.put_legacy_runs */
    insert into floe.legacy_run (${RUN_COLUMNS})
    select ${RUN_COLUMNS}
    from jsonb_populate_recordset(null::floe.legacy_run, ${JSON.stringify(sorted)}::jsonb)`.execute(
    tx,
  );
  if (nodes.length === 0) return;
  await sql`/* metadata.put_legacy_node_runs */
    insert into floe.legacy_node_run (${NODE_COLUMNS})
    select ${NODE_COLUMNS}
    from jsonb_populate_recordset(null::floe.legacy_node_run, ${JSON.stringify(nodes)}::jsonb)
    on conflict do nothing`.execute(tx);
}

/** All but imported_at, which PostgreSQL writes. */
const RUN_COLUMNS = columns([...PAST_RUN_COLUMNS, 'source', 'document', 'checksum']);
const NODE_COLUMNS = columns(['workflow_run_id', ...PAST_NODE_COLUMNS]);

function columns(names: readonly string[]) {
  return sql.join(names.map((name) => sql.ref(name)));
}

type NodeName = { readonly runId: string; readonly nodeId: string };

/** How many of these runs, and of these nodes of them, the tables have. */
export async function countStored(
  tx: Tx,
  ids: readonly string[],
  nodes: readonly NodeName[],
): Promise<{ readonly runs: number; readonly nodes: number }> {
  const runIds = nodes.map(({ runId }) => runId);
  const nodeIds = nodes.map(({ nodeId }) => nodeId);
  const { rows } = await sql<{ runs: number; nodes: number }>`/* metadata.count_legacy_runs */
    select (select count(*)::int from floe.legacy_run where workflow_run_id = any(${ids}::text[])) as runs,
      (select count(*)::int from floe.legacy_node_run join (
        select distinct * from unnest(${runIds}::text[], ${nodeIds}::text[]) as named(workflow_run_id, node_id)
      ) named using (workflow_run_id, node_id)) as nodes`.execute(tx);
  return rows[0]!;
}
