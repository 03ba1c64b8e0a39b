import type { ControlDatabase } from '@floe/database';
import type { LeaseVerdict, Renewal } from '@floe/scheduling';
import { arraysOf, unnest, type Column } from './columns.ts';

type Numbered = Renewal & { readonly position: number };

const COLUMNS: readonly Column<Numbered>[] = [
  { name: 'position', type: 'int', of: ({ position }) => position },
  { name: 'run_id', type: 'uuid', of: ({ runId }) => runId },
  { name: 'task_id', type: 'text', of: ({ taskId }) => taskId },
  { name: 'epoch', type: 'bigint', of: ({ epoch }) => epoch },
  { name: 'token_hash', type: 'text', of: ({ tokenHash }) => tokenHash },
  { name: 'rows', type: 'bigint', of: ({ rows }) => rows },
  { name: 'bytes', type: 'bigint', of: ({ bytes }) => bytes },
];

const LEASE_SECONDS = `$${COLUMNS.length + 1}`;

const RENEW_LEASES = {
  name: 'scheduler.renew_leases',
  text: `/* scheduler.renew_leases */
    with held as (
      select x.position, x.rows, x.bytes, a.run_id, a.task_index, a.epoch,
        r.state = 'cancelling' and r.cancel -> 'softUntil' is null and t.extra -> 'voiding' is null as is_cancelled,
        case when t.extra ->> 'awaitsBegin' = 'true' then t.task_index end as awaits_begin
      from ${unnest(COLUMNS, 1)}
      join task_run t on t.run_id = x.run_id and t.task_id = x.task_id
      join attempt a on a.run_id = t.run_id and a.task_index = t.task_index and a.epoch = x.epoch
      join run r on r.run_id = t.run_id
      where a.state = 'running' and a.token_hash = x.token_hash
      order by a.run_id, a.task_index, a.epoch
      for update of a
    )
    update attempt a set
      lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}), rows = held.rows, bytes = held.bytes
    from held
    where a.run_id = held.run_id and a.task_index = held.task_index and a.epoch = held.epoch and a.state = 'running'
    returning held.position, a.lease_until, held.is_cancelled, held.awaits_begin`,
};

type RenewedRow = {
  readonly position: number;
  readonly lease_until: number;
  readonly is_cancelled: boolean;
  readonly awaits_begin: number | null;
};

/** Extends leases by the database's clock. A renewal that names a stale epoch or a wrong token is not held. */
export async function renewLeases(
  { query }: Pick<ControlDatabase, 'query'>,
  renewals: readonly Renewal[],
  leaseMs: number,
): Promise<LeaseVerdict[]> {
  if (renewals.length === 0) return [];
  const numbered = renewals.map((renewal, position) => ({ ...renewal, position }));
  const values = [...arraysOf(COLUMNS, numbered), leaseMs / 1_000];
  const rows = await query<RenewedRow>(RENEW_LEASES, values);
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  return renewals.map((_, position) => {
    const row = byPosition.get(position);
    if (row === undefined) return { isHeld: false, isCancelled: false };
    return {
      isHeld: true,
      isCancelled: row.is_cancelled,
      leaseUntil: row.lease_until,
      ...(row.awaits_begin !== null && { awaitsBegin: row.awaits_begin }),
    };
  });
}
