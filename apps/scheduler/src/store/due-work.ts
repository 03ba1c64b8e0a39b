import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import { DUTY_ROWS_MAX, HINT_REPUBLISH_MS, LEASE_GRACE_MS } from '../limits.ts';

type Db = ControlDatabase['db'];

/** Runs in which the engine has something to do by now. */
export async function findDueRuns(db: Db): Promise<string[]> {
  const due = await sql<{ run_id: string }>`
    /* scheduler.find_due_runs */
    select run_id from run where wake_at <= clock_timestamp() order by wake_at limit ${DUTY_ROWS_MAX}`.execute(
    db,
  );
  return due.rows.map((row) => row.run_id);
}

export type ExpiredLease = {
  readonly run_id: string;
  readonly task_index: number;
  readonly epoch: number;
  readonly executor_id: string;
};

/** Attempts whose holder did not renew in time, by the database's clock. */
export async function findExpiredLeases(db: Db): Promise<ExpiredLease[]> {
  const expired = await sql<ExpiredLease>`
    /* scheduler.find_expired_leases */
    select run_id, task_index, epoch, executor_id from attempt
    where state = 'running' and lease_until < clock_timestamp() - make_interval(secs => ${LEASE_GRACE_MS / 1_000})
    order by lease_until limit ${DUTY_ROWS_MAX}`.execute(db);
  return expired.rows;
}

/**
 * Puts the hints of attempts that nobody took into the outbox again, with the same epoch. This is what makes delivery
 * certain: JetStream is only the fast way. Returns how many.
 */
export async function republishHints(db: Db): Promise<number> {
  const published = await sql<{ run_id: string }>`
    /* scheduler.republish_hints */
    with stale as (
      select run_id, task_index, epoch from attempt
      where state = 'ready' and published_at < clock_timestamp() - make_interval(secs => ${HINT_REPUBLISH_MS / 1_000})
      order by published_at limit ${DUTY_ROWS_MAX}
      for update skip locked
    ), touched as (
      update attempt a set published_at = clock_timestamp() from stale
      where a.run_id = stale.run_id and a.task_index = stale.task_index and a.epoch = stale.epoch and a.state = 'ready'
      returning a.*
    )
    insert into outbox (kind, run_id, payload, traceparent)
    select 'hint', a.run_id,
      jsonb_build_object('runId', a.run_id, 'taskId', t.task_id, 'epoch', a.epoch, 'pool', a.pool,
        'priority', a.priority),
      format('00-%s-%s-%s', r.trace_id, t.span_id, lpad(to_hex(r.trace_flags::int), 2, '0'))
    from touched a
    join task_run t on t.run_id = a.run_id and t.task_index = a.task_index
    join run r on r.run_id = a.run_id
    returning run_id`.execute(db);
  return published.rows.length;
}
