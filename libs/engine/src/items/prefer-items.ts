import type { Draft } from '../draft.ts';
import { isPartitioned } from './item-source.ts';
import { parseRanges } from './ranges.ts';

/** N6: who claims gets a partition that it would rather have, when one waits that nobody has tried. */
export function preferItems(draft: Draft, index: number, prefers: readonly number[]): void {
  const { items } = draft.task(index);
  if (items?.offer === undefined || !isPartitioned(draft.graph, index)) return;
  const { offer } = items;
  const isWanted = ({ items: ranges }: { readonly items: string }) =>
    parseRanges(ranges).some((item) => prefers.includes(item));
  if (offer.failures + offer.losses > 0 || isWanted(offer)) return;
  const wanted = items.waiting.find(
    (each) => each.notBefore === undefined && each.failures + each.losses === 0 && isWanted(each),
  );
  if (wanted === undefined) return;
  const waiting = items.waiting.map((each) => (each === wanted ? offer : each));
  draft.setTask(index, { items: { ...items, offer: wanted, waiting } });
}
