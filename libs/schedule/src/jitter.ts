const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * How long after its slot a run begins: from nothing up to `jitterMs`, spread evenly over schedules and slots, and the
 * same whoever asks.
 */
export function slotDelayMs(scheduleId: string, slot: number, jitterMs: number): number {
  if (jitterMs === 0) return 0;
  return Math.floor((hashOf(`${scheduleId} ${slot}`) / 2 ** 32) * (jitterMs + 1));
}

/** FNV-1a, with a final stir: texts that differ at their end alone must not lie close together. */
function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
