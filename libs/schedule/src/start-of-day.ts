import type { Zone } from './zone.ts';

const DAY_MS = 86_400_000;

/**
 * The first instant of a day like `2026-03-29` in a zone; where the clock leaves midnight out, the end of the gap.
 * Undefined when the text is no day of the calendar.
 */
export function startOfDay(zone: Zone, day: string): number | undefined {
  const midnight = readDay(day);
  if (midnight === undefined) return undefined;
  // Offsets are less than a day: the stretch that holds midnight begins or ends within a day of it.
  let stretch = zone.stretchAt(midnight - DAY_MS);
  while (stretch.end + stretch.offsetMs <= midnight) stretch = zone.stretchAt(stretch.end);
  return Math.max(stretch.start, midnight - stretch.offsetMs);
}

function readDay(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight)) return undefined;
  return new Date(midnight).toISOString().startsWith(day) ? midnight : undefined;
}
