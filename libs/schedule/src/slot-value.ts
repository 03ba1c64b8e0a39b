import type { SlotValue } from './schedule.ts';
import { nextSlot, previousSlot, type Timetable } from './timetable.ts';
import type { Zone } from './zone.ts';

/** The text of a value that a run takes from its slot; undefined when the neighbour that it needs does not exist. */
export function slotValueText(
  value: SlotValue,
  at: { readonly slot: number; readonly timetable: Timetable; readonly zone: Zone },
): string | undefined {
  const instant = instantOf(value, at);
  if (instant === undefined) return undefined;
  return value.endsWith('date') ? dateIn(at.zone, instant) : new Date(instant).toISOString();
}

function instantOf(
  value: SlotValue,
  { slot, timetable }: { readonly slot: number; readonly timetable: Timetable },
): number | undefined {
  if (value.startsWith('next')) return nextSlot(timetable, slot);
  if (value.startsWith('previous')) return previousSlot(timetable, slot);
  return slot;
}

/** The day that the calendar on the wall shows. */
export function dateIn(zone: Zone, instant: number): string {
  return new Date(instant + zone.offsetAt(instant)).toISOString().slice(0, 10);
}
