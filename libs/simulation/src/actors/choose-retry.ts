import type { RetryFrom } from '@floe/engine';
import { retriedRecord, type RunRecord } from '@floe/scheduling';
import type { Dice } from '../world/dice.ts';

const FROM_SHARE = 0.7;
const ITEMS_SHARE = 0.8;
const ITEM_SHARE = 0.3;

/** What somebody wants of a run that has ended; undefined where it could not be asked for. */
export function chooseRetry(ended: RunRecord, dice: Dice): RetryFrom | undefined {
  const retry = dice.chance(FROM_SHARE) ? chooseFrom(ended, dice) : {};
  const { kept } = retriedRecord({ fresh: ended, ended, retry });
  return kept.size === ended.plan.graph.tasks.length ? undefined : retry;
}

/** Where some task has gone through items, it is likely to be that. */
function chooseFrom(ended: RunRecord, dice: Dice): RetryFrom {
  const { tasks } = ended.plan.graph;
  const all = [...tasks.keys()];
  const withItems = all.filter((task) => countItems(ended, task) > 0);
  if (withItems.length === 0 || !dice.chance(ITEMS_SHARE)) return { from: dice.pick(all) };
  const from = dice.pick(withItems);
  const { kept } = retriedRecord({ fresh: ended, ended, retry: { from } });
  if (!tasks[from]!.upstream.every((up) => kept.has(up))) return { from };
  const positions = Array.from({ length: countItems(ended, from) }, (_, index) => index);
  const items = positions.filter(() => dice.chance(ITEM_SHARE));
  return { from, items: items.length === 0 ? [dice.pick(positions)] : items };
}

/** Partitions are no items that somebody could name. */
function countItems({ plan, state }: RunRecord, task: number): number {
  const { work } = plan.graph.tasks[task]!;
  const isNamed = work.kind === 'items' && work.source.from !== 'partitions';
  return isNamed ? (state.tasks[task]!.items?.total ?? 0) : 0;
}
