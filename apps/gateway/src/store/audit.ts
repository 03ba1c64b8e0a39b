/** The log of deeds in the control database. */
import type { ControlDatabase, NamedStatement } from '@floe/database';

type Db = Pick<ControlDatabase, 'query'>;

export type AuditRow = {
  readonly audit_id: number;
  readonly occurred_at: number;
  readonly actor: string;
  readonly token_id: string | null;
  readonly action: string;
  readonly object: string;
  readonly address: string;
  readonly trace_id: string;
  readonly status: number | null;
  readonly error_code: string;
};

export type NewDeed = {
  readonly actor: string;
  readonly tokenId: string;
  readonly action: string;
  readonly object: string;
  readonly address: string;
  readonly traceId: string;
};

export type DeedResult = {
  readonly object: string;
  readonly status: number;
  readonly errorCode: string;
};

export type DeedFilter = {
  readonly actor: string;
  readonly object: string;
  readonly action: string;
  readonly fromMs: number | null;
  readonly toMs: number | null;
};

// A year is what auditors ask for; a million entries are some 200 MB.
const KEPT_DAYS = 365;
const KEPT_MAX = 1_000_000;
// A pass of the sweep holds its locks for a moment only.
const SWEPT_MAX = 10_000;

// Neither statement waits for the disk: the deed between them commits later in the same log of PostgreSQL, and with its
// own wait makes the first durable as well. The result is the lesser loss: the service has it too.
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

const BEGIN = statement(
  'gateway_begin_deed',
  `insert into floe.audit_entry (actor, token_id, action, object, address, trace_id)
   select $1, nullif($2, ''), $3, $4, $5, $6 from ${WITHOUT_WAITING}
   returning audit_id`,
);

export async function beginDeed(db: Db, deed: NewDeed): Promise<number> {
  const { actor, tokenId, action, object, address, traceId } = deed;
  const values = [actor, tokenId, action, object, address, traceId];
  const rows = await db.query<{ audit_id: number }>(BEGIN, values);
  return rows[0]?.audit_id ?? 0;
}

const END = statement(
  'gateway_end_deed',
  `update floe.audit_entry set object = $2, status = $3, error_code = $4
   from ${WITHOUT_WAITING} where audit_id = $1`,
);

export async function endDeed(db: Db, auditId: number, result: DeedResult): Promise<void> {
  await db.query(END, [auditId, result.object, result.status, result.errorCode]);
}

const LIST = statement(
  'gateway_list_deeds',
  `select audit_id, occurred_at, actor, token_id, action, object, address, trace_id, status, error_code
   from floe.audit_entry
   where audit_id < $1 and ($2 = '' or actor = $2) and ($3 = '' or object = $3) and ($4 = '' or action = $4)
     and ($5::float8 is null or occurred_at >= to_timestamp($5::float8 / 1000))
     and ($6::float8 is null or occurred_at < to_timestamp($6::float8 / 1000))
   order by audit_id desc limit $7`,
);

/** Newest first, before an id. */
export function listDeeds(
  db: Db,
  filter: DeedFilter,
  page: { before: number; limit: number },
): Promise<AuditRow[]> {
  const { actor, object, action, fromMs, toMs } = filter;
  return db.query<AuditRow>(LIST, [page.before, actor, object, action, fromMs, toMs, page.limit]);
}

const SWEEP = statement(
  'gateway_sweep_deeds',
  `with gone as (
     select audit_id from floe.audit_entry
     where audit_id <= (select coalesce(max(audit_id), 0) - ${KEPT_MAX} from floe.audit_entry)
       or occurred_at < clock_timestamp() - interval '${KEPT_DAYS} days'
     order by audit_id limit ${SWEPT_MAX}
   )
   delete from floe.audit_entry using gone where audit_entry.audit_id = gone.audit_id
   returning audit_entry.audit_id`,
);

/** Deletes what is too old or too much. True when there may be more of it. */
export async function sweepDeeds(db: Db): Promise<boolean> {
  const rows = await db.query(SWEEP, []);
  return rows.length === SWEPT_MAX;
}

function statement(name: string, text: string): NamedStatement {
  return { name, text: `/* ${name} */ ${text}` };
}
