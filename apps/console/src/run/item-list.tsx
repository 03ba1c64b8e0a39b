import type { TaskItems } from '@floe/client';
import { StateBadge } from '../components/state-badge.tsx';
import { formatCount } from '../format/quantity.ts';
import { setQueryField, useQueryField } from '../router.ts';
import { useVirtualRows } from '../use-virtual-rows.ts';
import { ITEM_STATES, countItems, itemsIn } from './item-states.ts';

const ROW_HEIGHT = 28;

/** Every item with its state; only those in view are in the page. */
export function ItemList({ items }: { readonly items: TaskItems }) {
  const asked = useQueryField('items');
  const chosen = ITEM_STATES.find(({ word }) => word === asked);
  const shown = itemsIn(items.states, chosen?.letter);
  const counts = countItems(items.states);
  const reasons = new Map(items.failures.map(({ index, failure }) => [index, failure?.message]));
  const { frame, noteScroll, first, end, before, after } = useVirtualRows<HTMLDivElement>(
    shown.length,
    ROW_HEIGHT,
  );
  return (
    <>
      <select
        aria-label="State of the items"
        value={chosen?.word ?? ''}
        onChange={(event) => setQueryField('items', event.target.value)}
      >
        <option value="">All {formatCount(items.states.length)} items</option>
        {ITEM_STATES.map(({ letter, word }) => (
          <option key={word} value={word}>
            {word} ({formatCount(counts.get(letter) ?? 0)})
          </option>
        ))}
      </select>
      <div
        ref={frame}
        className="item-list"
        tabIndex={0}
        role="region"
        aria-label="Items"
        onScroll={noteScroll}
      >
        <ol style={{ paddingTop: before, paddingBottom: after }}>
          {shown.slice(first, end).map(({ index, state }) => (
            <li key={index} style={{ height: ROW_HEIGHT }} title={reasons.get(index)}>
              <span className="item-index">{index}</span>
              <StateBadge state={state} />
              <span className="item-reason">{reasons.get(index)}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
