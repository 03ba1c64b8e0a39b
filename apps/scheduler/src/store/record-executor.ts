import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';

export type ExecutorReport = {
  readonly executorId: string;
  readonly address: string;
  readonly pool: string;
  readonly slots: number;
  readonly busySlots: number;
  readonly state: 'active' | 'draining' | 'stopped';
  readonly version: string;
  readonly startedAt: Date;
  readonly labels: readonly string[];
};

/** Notes what an executor says of itself. The time is the database's. */
export async function recordExecutor(
  db: ControlDatabase['db'],
  report: ExecutorReport,
): Promise<void> {
  await sql`
    /* scheduler.record_executor */
    insert into executor (executor_id, address, pool, slots, busy_slots, state, version, started_at, labels,
      last_seen_at)
    values (${report.executorId}, ${report.address}, ${report.pool}, ${report.slots}, ${report.busySlots},
      ${report.state}, ${report.version}, ${report.startedAt}, ${[...report.labels]}::text[], clock_timestamp())
    on conflict (executor_id) do update set
      address = excluded.address, pool = excluded.pool, slots = excluded.slots, busy_slots = excluded.busy_slots,
      state = excluded.state, version = excluded.version, started_at = excluded.started_at,
      labels = excluded.labels, last_seen_at = excluded.last_seen_at`.execute(db);
}

/** Forgets executors that have been silent for long. */
export async function forgetExecutors(db: ControlDatabase['db'], silentMs: number): Promise<void> {
  await sql`
    /* scheduler.forget_executors */
    delete from executor where last_seen_at < clock_timestamp() - make_interval(secs => ${silentMs / 1_000})
  `.execute(db);
}
