import type { Backfill, BackfillState, Schedule, ScheduleSlotState } from '@floe/client';
import type { Colors } from '../terminal.ts';
import { formatCount } from './amounts.ts';
import type { Paint } from './table.ts';

/** `0 6 * * *`, or `every 1h30m`. */
export function timingOf({ cron, intervalSeconds }: Schedule): string {
  return cron === '' ? `every ${formatSeconds(intervalSeconds)}` : cron;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `1d`, `1h30m`: as documents say it. */
export function formatSeconds(seconds: string): string {
  let rest = Number(seconds);
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

/** `2026-03-29 03:00:00 +02:00`, as the clock of the zone shows it. */
export function formatInstant(instant: string | undefined, timezone: string): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  const clock = at.toLocaleString('sv-SE', { timeZone: timezone });
  const named = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    timeZoneName: 'longOffset',
  });
  const offset = named.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${clock} ${offset.replace(/^GMT/, '') || '+00:00'}`;
}

export function overlapWord(overlap: Schedule['overlap']): string {
  return overlap.replace(/^OVERLAP_POLICY_/, '').toLowerCase();
}

export function slotWord(state: ScheduleSlotState): string {
  return state.replace(/^SCHEDULE_SLOT_STATE_/, '').toLowerCase();
}

/** What a schedule does, for people. */
export function describeSchedule(schedule: Schedule): string[] {
  const catchup = Number(schedule.catchupSeconds);
  const parameters = Object.entries(schedule.parameters ?? {});
  const next = formatInstant(schedule.nextFireTime, schedule.timezone);
  return [
    `${schedule.scheduleId}: ${timingOf(schedule)} in ${schedule.timezone}`,
    `  next ${schedule.paused ? 'never: it is paused' : next}`,
    `  overlap ${overlapWord(schedule.overlap)}, catch-up ${catchup === 0 ? 'none' : formatSeconds(schedule.catchupSeconds)}, jitter ${formatSeconds(schedule.jitterSeconds)}`,
    ...parameters.map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`),
  ];
}

export function backfillWord(state: BackfillState): string {
  return state.replace(/^BACKFILL_STATE_/, '').toLowerCase();
}

export function paintOfBackfill(state: BackfillState, colors: Colors): Paint {
  switch (backfillWord(state)) {
    case 'succeeded':
      return colors.green;
    case 'failed':
      return colors.red;
    case 'running':
      return colors.cyan;
    default:
      return colors.yellow;
  }
}

export function hasBackfillEnded({ endTime }: Backfill): boolean {
  return endTime !== undefined;
}

/** Slots that need nothing more. */
export function doneSlots(backfill: Backfill): number {
  const { succeededSlots, failedSlots, cancelledSlots, presentSlots } = backfill;
  return succeededSlots + failedSlots + cancelledSlots + presentSlots;
}

/** `40 of 60 slots: 38 succeeded, 2 failed, 16 running`. */
export function progressOf(backfill: Backfill): string {
  const counts = [
    [backfill.presentSlots, 'there before'],
    [backfill.succeededSlots, 'succeeded'],
    [backfill.failedSlots, 'failed'],
    [backfill.cancelledSlots, 'cancelled'],
    [backfill.activeSlots, 'running'],
  ] as const;
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`);
  const done = `${formatCount(doneSlots(backfill))} of ${formatCount(backfill.totalSlots)} slots`;
  return parts.length === 0 ? done : `${done}: ${parts.join(', ')}`;
}
