import { migrate, type TargetSession } from '@floe/database';
import { seedHistory, seedMetrics, type HistorySize } from './seed-history.ts';

const HOUR_MS = 3_600_000;
// As the scheduler does it, a piece each minute.
const REQUESTS_PER_CALL = 5_000;

export type RetentionTimes = { readonly dropMs: number; readonly forgetMs: number };

/** Fills one day of a history that is divided into days, and lets it go. */
export async function timeRetention(
  url: string,
  session: TargetSession,
  size: HistorySize,
  say: (line: string) => void,
): Promise<RetentionTimes> {
  await migrate(url);
  await session.query(`select floe.add_history_partitions('day', 4)`);
  const [day] = await session.query<{ suffix: string; endMs: number }>(
    `select suffix, extract(epoch from to_at)::float8 * 1000 as "endMs" from floe.history_partition
     where to_at - from_at = interval '1 day' order by to_at desc limit 1`,
  );
  const { suffix, endMs } = day!;
  const ofDay = { ...size, days: 0.9, endMs: endMs - HOUR_MS };
  await seedHistory(session, ofDay, say);
  await seedMetrics(session, ofDay);
  // The day lies ahead, so that the partition has the bounds of a day; its runs ended long ago all the same.
  await session.query(`update floe.run set ended_at = clock_timestamp() - interval '2 days'`);
  await session.query('checkpoint');
  const dropMs = await dropUntil(session, suffix);
  const startedAt = performance.now();
  await session.query('select floe.forget_run_requests($1)', [REQUESTS_PER_CALL]);
  return { dropMs, forgetMs: performance.now() - startedAt };
}

async function dropUntil(session: TargetSession, suffix: string): Promise<number> {
  for (;;) {
    const startedAt = performance.now();
    const [row] = await session.query<{ dropped: string | null }>(
      `select floe.drop_history_partition(interval '-30 days') as dropped`,
    );
    if (row?.dropped === suffix) return performance.now() - startedAt;
    if (row?.dropped === null) throw new Error(`partition ${suffix} is not dropped`);
  }
}
