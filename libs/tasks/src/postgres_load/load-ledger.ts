/**
 * The ledger of loads, in the user's database: which load of which run and task has taken effect.
 *
 * It owns schema `floe_load` with table `load_commit`. A load is known by its key, which all attempts share.
 * L1. A row goes from `open` to `done` in the transaction that merges the rows, so both happen or neither.
 * L2. The epoch of an open row never falls. An attempt whose epoch is below it can no longer commit.
 * L3. Who reads the row for a decision holds its lock until the decision is committed.
 * L4. Who opens a load first ends the session of the attempt that it replaces, so that nobody waits for what that holds.
 *     A session that a pooler has lent to somebody else since then bears another name, and is left alone.
 * L5. A row that is open for VOID_EPOCH is void: no attempt has such an epoch, so that by L1 and L2 none can commit.
 */
import { sqlStateOf, type TargetSession } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { SESSION_NAME_LENGTH, sessionName } from '../session-name.ts';

export type LoadKey = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

/** `open`: this attempt may go on. `done`: the load has taken effect, by this or an older attempt. */
export type LedgerState =
  | { readonly kind: 'open' }
  | { readonly kind: 'done'; readonly rows: number; readonly bytes: number };

type LedgerRow = {
  epoch: string;
  state: 'open' | 'done';
  rows: string | null;
  bytes: string | null;
};

/** The largest epoch that the row can hold. */
export const VOID_EPOCH = '9223372036854775807';

/** A rerun on purpose will count this up; attempts never do. */
const GENERATION = 1;

export function loadKeyText({ runId, taskId }: Omit<LoadKey, 'epoch'>): string {
  return `${runId}/${taskId}`;
}

export const LEDGER_SCHEMA = 'floe_load';
const INSUFFICIENT_PRIVILEGE = '42501';

/** Makes the ledger where there is none, or none of this form. Errors: QUERY_FAILED with the grant that is needed. */
export async function ensureLedger(session: TargetSession): Promise<void> {
  const [found] = await session.query<{ mayUse: boolean }>(FIND_LEDGER);
  if (found?.mayUse === true) return;
  if (found !== undefined)
    throw noRight('use the ledger of loads, which another user has made', {
      hint: `grant usage, create on schema ${LEDGER_SCHEMA} to the user of the connection; grant select, insert, update on ${LEDGER_SCHEMA}.load_commit to the same`,
    });
  try {
    await session.transaction('begin', async () => {
      // "if not exists" alone fails when two sessions create at the same time.
      await session.query(`select pg_advisory_xact_lock(hashtextextended('floe_load', 0))`);
      // It also asks for the right to create before it looks, which whoever was given the schema need not have.
      const [schema] = await session.query(FIND_SCHEMA);
      if (schema === undefined) await session.query(`create schema ${LEDGER_SCHEMA}`);
      await session.query(CREATE_LEDGER);
    });
  } catch (thrown) {
    if (sqlStateOf(thrown) !== INSUFFICIENT_PRIVILEGE) throw thrown;
    throw noRight(`create schema "${LEDGER_SCHEMA}" and its table`, {
      cause: thrown,
      hint: `grant create on database ... to the user, or create schema ${LEDGER_SCHEMA} authorization the user`,
    });
  }
}

function noRight(
  what: string,
  { hint, cause }: { readonly hint: string; readonly cause?: unknown },
): FloeError {
  return new FloeError('QUERY_FAILED', `the user of the connection may not ${what}`, {
    cause,
    details: { sql_state: INSUFFICIENT_PRIVILEGE },
    hint,
  });
}

// Not by to_regclass, which fails where the user may not look into the schema.
const FIND_LEDGER = `
  select has_schema_privilege(n.oid, 'usage') and has_schema_privilege(n.oid, 'create')
         and has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
         and has_table_privilege(c.oid, 'update') as "mayUse"
  from pg_namespace n
  join pg_class c on c.relnamespace = n.oid and c.relname = 'load_commit'
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'backend_start'
  where n.nspname = '${LEDGER_SCHEMA}'`;

const FIND_SCHEMA = `select from pg_namespace where nspname = '${LEDGER_SCHEMA}'`;

const CREATE_LEDGER = `
  create table if not exists floe_load.load_commit (
    load_key text primary key,
    generation int not null,
    epoch bigint not null,
    state text not null check (state in ('open', 'done')),
    rows bigint,
    bytes bigint,
    opened_at timestamptz not null default clock_timestamp(),
    committed_at timestamptz
  );
  alter table floe_load.load_commit add column if not exists backend_pid int;
  alter table floe_load.load_commit add column if not exists backend_start timestamptz`;

/** Opens the load for this epoch, which fences all older ones (L2, L4). Errors: LOAD_FENCED. */
export async function openLoad(session: TargetSession, key: LoadKey): Promise<LedgerState> {
  await session.query(
    `select pg_terminate_backend(a.pid)
     from floe_load.load_commit l
     join pg_stat_activity a on a.pid = l.backend_pid and a.backend_start = l.backend_start
     where l.load_key = $1 and l.state = 'open' and l.epoch < $2 and a.usename = current_user
       and a.application_name = left($3, ${SESSION_NAME_LENGTH}) and a.pid <> pg_backend_pid()`,
    [loadKeyText(key), key.epoch, sessionName(key)],
  );
  await session.query(
    `insert into floe_load.load_commit as l (load_key, generation, epoch, state, backend_pid, backend_start)
     select $1, $2, $3, 'open', pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
     on conflict (load_key) do update
       set epoch = excluded.epoch, backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
       where l.state = 'open' and l.epoch < excluded.epoch`,
    [loadKeyText(key), GENERATION, key.epoch],
  );
  return lockLoad(session, key);
}

/** Reads the row, which has been opened, under its lock. Errors: LOAD_FENCED when a newer attempt has opened or done the load. */
export async function lockLoad(session: TargetSession, key: LoadKey): Promise<LedgerState> {
  const state = await lockIfOpened(session, key);
  if (state === undefined) throw fenced(key, undefined);
  return state;
}

/** The same, undefined where no attempt got as far as opening the load. */
export async function lockIfOpened(
  session: TargetSession,
  key: LoadKey,
): Promise<LedgerState | undefined> {
  const [row] = await session.query<LedgerRow>(
    'select epoch, state, rows, bytes from floe_load.load_commit where load_key = $1 for update',
    [loadKeyText(key)],
  );
  if (row === undefined) return undefined;
  if (Number(row.epoch) > key.epoch) throw fenced(key, row.epoch);
  if (row.state === 'open') return { kind: 'open' };
  return { kind: 'done', rows: Number(row.rows), bytes: Number(row.bytes) };
}

/** Loads of a run that had taken effect before they could be ruled out, of those that were named. */
export type VoidedLoads = {
  readonly done: number;
  readonly rows: number;
  readonly bytes: number;
};

/** L4, L5: rules out what has not taken effect. Waits for the transactions that hold the rows. */
export function voidLoads(
  session: TargetSession,
  runId: string,
  {
    taskIds,
    lockTimeoutMs,
  }: { readonly taskIds: readonly string[]; readonly lockTimeoutMs: number },
): Promise<VoidedLoads> {
  // In one order, so that two who rule out the same do not wait for each other.
  const sorted = taskIds.toSorted();
  const keys = sorted.map((taskId) => loadKeyText({ runId, taskId }));
  const names = sorted.map((taskId) => sessionName({ runId, taskId }));
  return session.transaction('begin', async () => {
    await session.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await session.query(
      `select pg_terminate_backend(a.pid)
       from unnest($1::text[], $2::text[]) as g (load_key, session_name)
       join floe_load.load_commit l on l.load_key = g.load_key
       join pg_stat_activity a on a.pid = l.backend_pid and a.backend_start = l.backend_start
       where l.state = 'open' and a.usename = current_user
         and a.application_name = left(g.session_name, ${SESSION_NAME_LENGTH}) and a.pid <> pg_backend_pid()`,
      [keys, names],
    );
    await session.query(
      `insert into floe_load.load_commit as l (load_key, generation, epoch, state)
       select load_key, $2, $3, 'open' from unnest($1::text[]) as load_key
       on conflict (load_key) do update
         set epoch = excluded.epoch, backend_pid = null, backend_start = null
         where l.state = 'open'`,
      [keys, GENERATION, VOID_EPOCH],
    );
    const [row] = await session.query<{ done: string; rows: string; bytes: string }>(
      `select count(*) as done, coalesce(sum(rows), 0) as rows, coalesce(sum(bytes), 0) as bytes
       from floe_load.load_commit where load_key = any($1::text[]) and state = 'done'`,
      [keys],
    );
    return { done: Number(row?.done), rows: Number(row?.rows), bytes: Number(row?.bytes) };
  });
}

function fenced(key: LoadKey, newest: string | undefined): FloeError {
  if (newest === VOID_EPOCH) {
    const message = `the load of task "${key.taskId}" was ruled out: its run no longer wants it`;
    return new FloeError('LOAD_FENCED', message, { details: { epoch: String(key.epoch) } });
  }
  return new FloeError(
    'LOAD_FENCED',
    `the load of task "${key.taskId}" belongs to a newer attempt than the one of epoch ${key.epoch}`,
    { details: { epoch: String(key.epoch), newest_epoch: newest ?? 'unknown' } },
  );
}

/** The last statement of the transaction that merges. */
export async function markDone(
  session: TargetSession,
  key: LoadKey,
  counts: { readonly rows: number; readonly bytes: number },
): Promise<void> {
  await session.query(
    `update floe_load.load_commit set state = 'done', epoch = $2, rows = $3, bytes = $4, committed_at = clock_timestamp()
     where load_key = $1`,
    [loadKeyText(key), key.epoch, counts.rows, counts.bytes],
  );
}
