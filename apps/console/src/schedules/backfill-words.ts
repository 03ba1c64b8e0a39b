import type { Backfill } from '@floe/client';
import type { Tone } from '../state/state-mark.ts';

/** How many slots nothing will happen to any more. */
export function countSettled(backfill: Backfill): number {
  const { succeededSlots, failedSlots, cancelledSlots, presentSlots } = backfill;
  return succeededSlots + failedSlots + cancelledSlots + presentSlots;
}

const TONES: Readonly<Record<string, Tone>> = {
  BACKFILL_STATE_RUNNING: 'live',
  BACKFILL_STATE_PAUSED: 'warn',
  BACKFILL_STATE_CANCELLING: 'warn',
  BACKFILL_STATE_SUCCEEDED: 'good',
  BACKFILL_STATE_FAILED: 'bad',
  BACKFILL_STATE_CANCELLED: 'off',
};

export function toneOfBackfill({ state }: Backfill): Tone {
  return TONES[state] ?? 'wait';
}
