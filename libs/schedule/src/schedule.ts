import type { ClockChange } from './clock-change.ts';
import { parseCron } from './parse-cron.ts';
import type { Timetable } from './timetable.ts';
import type { Zones } from './zone.ts';

/** What happens to a slot that is due while a run of the same schedule goes on. */
export const OVERLAP_POLICIES = ['skip', 'queue', 'cancel_previous', 'allow'] as const;

export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** A value of a run's parameter: in the normal form of its type, or taken from the slot. */
export type SlotParameter = string | { readonly slot: SlotValue };

/** What a run may take from its slot: the slot itself and its neighbours, as an instant or as a date of the zone. */
export const SLOT_VALUES = [
  'time',
  'date',
  'next_time',
  'next_date',
  'previous_time',
  'previous_date',
] as const;

export type SlotValue = (typeof SLOT_VALUES)[number];

/** A schedule in its normal form: plain JSON, defaults applied, durations in milliseconds. */
export type Schedule = {
  readonly name: string;
  readonly description: string;
  /** Exactly one of the two. */
  readonly cron?: string;
  readonly everyMs?: number;
  readonly timezone: string;
  readonly overlap: OverlapPolicy;
  /** Slots that were missed are made up for when they are not older; 0: none is. */
  readonly catchupMs: number;
  readonly jitterMs: number;
  /** Absent with an interval. */
  readonly dst?: ClockChange;
  readonly parameters: Readonly<Record<string, SlotParameter>>;
  /** How the schedule begins, and what it becomes when the document says it anew. */
  readonly paused: boolean;
};

/** The timetable of a schedule that was found good; undefined when the engine knows its zone or line no more. */
export function timetableOf(schedule: Schedule, zones: Zones): Timetable | undefined {
  if (schedule.everyMs !== undefined) return { kind: 'interval', everyMs: schedule.everyMs };
  const zone = zones.find(schedule.timezone);
  const reading = parseCron(schedule.cron ?? '');
  if (zone === undefined || reading.kind === 'problem' || schedule.dst === undefined) {
    return undefined;
  }
  return { kind: 'cron', cron: reading.cron, zone, clockChange: schedule.dst };
}
