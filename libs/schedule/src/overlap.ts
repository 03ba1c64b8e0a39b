/**
 * What becomes of the slots of one schedule that are due, while its earlier runs go on or not.
 *
 *   O1. Slots begin in their order.
 *   O2. Except with `allow`, at most one run of a schedule goes on.
 *   O3. Whatever the policy, a slot fires, waits, or is skipped with a reason: none is dropped.
 */
import type { OverlapPolicy } from './schedule.ts';

export type SlotDecision =
  | { readonly slot: number; readonly kind: 'fire' }
  | { readonly slot: number; readonly kind: 'wait'; readonly reason: string }
  | { readonly slot: number; readonly kind: 'skip'; readonly reason: string };

export type OverlapDecision = {
  readonly slots: readonly SlotDecision[];
  /** Runs to cancel before the slot that waits can begin. */
  readonly cancel: readonly string[];
};

/** `due` ascends; `activeRuns` are the runs of the schedule that have not ended. */
export function decideOverlap(
  policy: OverlapPolicy,
  due: readonly number[],
  { activeRuns, queueMax }: { readonly activeRuns: readonly string[]; readonly queueMax: number },
): OverlapDecision {
  switch (policy) {
    case 'allow':
      return { slots: due.map((slot) => ({ slot, kind: 'fire' })), cancel: [] };
    case 'skip':
      return { slots: due.map((slot, index) => skipIfBusy(slot, index, activeRuns)), cancel: [] };
    case 'queue':
      return {
        slots: due.map((slot, index) => queue(slot, index, { activeRuns, queueMax })),
        cancel: [],
      };
    case 'cancel_previous':
      return {
        slots: due.map((slot) => keepNewest(slot, due, activeRuns)),
        cancel: due.length === 0 ? [] : activeRuns,
      };
  }
}

function skipIfBusy(slot: number, index: number, activeRuns: readonly string[]): SlotDecision {
  const [busy] = activeRuns;
  if (busy !== undefined) return { slot, kind: 'skip', reason: `run ${busy} was going on` };
  if (index === 0) return { slot, kind: 'fire' };
  return { slot, kind: 'skip', reason: 'the run of an earlier slot began with it' };
}

function queue(
  slot: number,
  index: number,
  { activeRuns, queueMax }: { activeRuns: readonly string[]; queueMax: number },
): SlotDecision {
  const [busy] = activeRuns;
  if (busy === undefined && index === 0) return { slot, kind: 'fire' };
  if (index >= queueMax) {
    return { slot, kind: 'skip', reason: `${queueMax} slots were waiting already` };
  }
  const reason = busy === undefined ? 'waits for an earlier slot' : `waits for run ${busy}`;
  return { slot, kind: 'wait', reason };
}

function keepNewest(
  slot: number,
  due: readonly number[],
  activeRuns: readonly string[],
): SlotDecision {
  if (slot !== due.at(-1)) {
    const newest = new Date(due.at(-1)!).toISOString();
    return { slot, kind: 'skip', reason: `slot ${newest} came before it could begin` };
  }
  const [busy] = activeRuns;
  if (busy === undefined) return { slot, kind: 'fire' };
  return { slot, kind: 'wait', reason: `waits for the cancelled run ${busy} to end` };
}
