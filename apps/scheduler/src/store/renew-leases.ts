import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import { LEASE_MS } from '../limits.ts';

export type Renewal = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly tokenHash: string;
  readonly rows: number;
  readonly bytes: number;
};

export type Verdict = {
  readonly isHeld: boolean;
  readonly isCancelled: boolean;
  readonly leaseUntil?: number;
};

/** Extends leases by the database's clock. A renewal that names a stale epoch or a wrong token is not held. */
export async function renewLeases(
  db: ControlDatabase['db'],
  renewals: readonly Renewal[],
): Promise<Verdict[]> {
  if (renewals.length === 0) return [];
  const numbered = renewals.map((renewal, position) => ({ ...renewal, position }));
  const renewed = await sql<{ position: number; lease_until: number; run_state: string }>`
    /* scheduler.renew_leases */
    with renewal as (
      select * from jsonb_to_recordset(${JSON.stringify(numbered)}::jsonb) as x(
        position int, "runId" uuid, "taskId" text, epoch bigint, "tokenHash" text, rows bigint, bytes bigint)
    ), held as (
      select renewal.position, renewal.rows, renewal.bytes, a.run_id, a.task_index, a.epoch, r.state as run_state
      from renewal
      join task_run t on t.run_id = renewal."runId" and t.task_id = renewal."taskId"
      join attempt a on a.run_id = t.run_id and a.task_index = t.task_index and a.epoch = renewal.epoch
      join run r on r.run_id = t.run_id
      where a.state = 'running' and a.token_hash = renewal."tokenHash"
      order by a.run_id, a.task_index, a.epoch
      for update of a
    )
    update attempt a set
      lease_until = clock_timestamp() + make_interval(secs => ${LEASE_MS / 1_000}),
      rows = held.rows, bytes = held.bytes
    from held
    where a.run_id = held.run_id and a.task_index = held.task_index and a.epoch = held.epoch and a.state = 'running'
    returning held.position, a.lease_until, held.run_state`.execute(db);
  const byPosition = new Map(renewed.rows.map((row) => [row.position, row]));
  return renewals.map((_, position) => {
    const row = byPosition.get(position);
    if (row === undefined) return { isHeld: false, isCancelled: false };
    return {
      isHeld: true,
      isCancelled: row.run_state === 'cancelling',
      leaseUntil: row.lease_until,
    };
  });
}
