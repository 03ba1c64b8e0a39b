import { countRefusal } from '@floe/telemetry';

/** Counts messages of a kind of subject, or parts of them, that are not what they should be. They are left out. */
export function countMalformed(
  place: 'hints' | 'control' | 'logs' | 'events' | 'changes',
  count = 1,
): void {
  countRefusal({ surface: 'bus', place, reason: 'MALFORMED' }, count);
}
