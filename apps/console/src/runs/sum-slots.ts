import type { Executor } from '@floe/client';

export type SlotSums = { readonly active: number; readonly slots: number; readonly busy: number };

/** How many executors take attempts, and their slots. Lost and stopped ones have none to give. */
export function sumSlots(executors: readonly Executor[]): SlotSums {
  const active = executors.filter(({ state }) => state === 'EXECUTOR_STATE_ACTIVE');
  return {
    active: active.length,
    slots: active.reduce((sum, { slots }) => sum + slots, 0),
    busy: active.reduce((sum, { busySlots }) => sum + busySlots, 0),
  };
}
