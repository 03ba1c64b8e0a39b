import type { Schedule } from './schedule.ts';
import { slotValueText } from './slot-value.ts';
import type { Timetable } from './timetable.ts';
import type { Zone } from './zone.ts';

/** The parameters of the run of a slot, as a caller would give them. A neighbour that does not exist is left out. */
export function parametersOfSlot(
  schedule: Pick<Schedule, 'parameters'>,
  at: { readonly slot: number; readonly timetable: Timetable; readonly zone: Zone },
): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(schedule.parameters)) {
    const text = typeof value === 'string' ? value : slotValueText(value.slot, at);
    if (text !== undefined) given[name] = text;
  }
  return given;
}
