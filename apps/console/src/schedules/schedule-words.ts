import type { Schedule } from '@floe/client';
import { formatDuration } from '../format/duration.ts';

/** When it runs, in few words: the cron line as it is, or the interval. */
export function timetableOf({ cron, intervalSeconds, timezone }: Schedule): string {
  return cron === ''
    ? `every ${formatDuration(Number(intervalSeconds) * 1_000)}`
    : `${cron} · ${timezone}`;
}

/** `OVERLAP_POLICY_CANCEL_PREVIOUS` as `cancel previous`. */
export function wordOf(value: string, prefix: string): string {
  return value.replace(prefix, '').toLowerCase().replaceAll('_', ' ');
}
