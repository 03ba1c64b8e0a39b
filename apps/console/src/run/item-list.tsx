import type { Run, TaskItems, TaskRun } from '@floe/client';
import { StateBadge } from '../components/state-badge.tsx';
import { formatCount } from '../format/quantity.ts';
import { setQueryField, setQueryFields, useQueryField } from '../router.ts';
import { useVirtualRows } from '../use-virtual-rows.ts';
import { ItemDetail } from './item-detail.tsx';
import { ITEM_STATES, countItems, itemsIn } from './item-states.ts';
import type { Item } from './item-states.ts';
import type { ItemWords } from './item-words.ts';
import { RetryItems } from './retry-items.tsx';

const ROW_HEIGHT = 28;

export type ItemListProps = ItemWords & {
  readonly run: Run;
  readonly task: TaskRun;
  readonly items: TaskItems;
};

/** Every item with its state; only those in view are in the page. One of them can be opened. */
export function ItemList({ run, task, items, word, values }: ItemListProps) {
  const asked = useQueryField('items');
  const opened = useQueryField('item');
  const chosen = ITEM_STATES.find((one) => one.word === asked);
  const shown = itemsIn(items.states, chosen?.letter);
  const failures = new Map(items.failures.map(({ index, failure }) => [index, failure]));
  const { frame, noteScroll, first, end, before, after } = useVirtualRows<HTMLDivElement>(
    shown.length,
    ROW_HEIGHT,
  );
  const open = opened === '' ? undefined : itemsIn(items.states, undefined)[Number(opened)];
  return (
    <>
      <div className="page-tools">
        <ChooseState states={items.states} chosen={chosen?.word ?? ''} word={word} />
        {word === 'item' && items.states.includes('f') && (
          <RetryItems run={run} task={task} items="failed" label="Retry failed items" />
        )}
      </div>
      <div
        ref={frame}
        className="item-list"
        tabIndex={0}
        role="region"
        aria-label={`${word === 'item' ? 'Items' : 'Partitions'}, one by one`}
        onScroll={noteScroll}
      >
        <ol style={{ paddingTop: before, paddingBottom: after }}>
          {shown.slice(first, end).map((item) => (
            <ItemRow
              key={item.index}
              item={item}
              name={values[item.index] ?? ''}
              reason={failures.get(item.index)?.message ?? ''}
              isOpen={item.index === open?.index}
            />
          ))}
        </ol>
        {shown.length === 0 && <p className="muted item-none">None is {chosen?.word}.</p>}
      </div>
      {open !== undefined && (
        <ItemDetail
          item={open}
          word={word}
          name={values[open.index] ?? ''}
          failure={failures.get(open.index)}
        >
          {word === 'item' && (
            <RetryItems
              key={open.index}
              run={run}
              task={task}
              items={String(open.index)}
              label="Retry this item"
            />
          )}
        </ItemDetail>
      )}
    </>
  );
}

type ChooseStateProps = Pick<ItemWords, 'word'> & {
  readonly states: string;
  readonly chosen: string;
};

function ChooseState({ states, chosen, word }: ChooseStateProps) {
  const counts = countItems(states);
  return (
    <select
      aria-label={`State of the ${word}s`}
      value={chosen}
      onChange={(event) => setQueryFields({ items: event.target.value, item: '' })}
    >
      <option value="">
        All {formatCount(states.length)} {word}s
      </option>
      {ITEM_STATES.map(({ letter, word: state }) => (
        <option key={state} value={state}>
          {state} ({formatCount(counts.get(letter) ?? 0)})
        </option>
      ))}
    </select>
  );
}

type ItemRowProps = {
  readonly item: Item;
  readonly name: string;
  readonly reason: string;
  readonly isOpen: boolean;
};

function ItemRow({ item: { index, state }, name, reason, isOpen }: ItemRowProps) {
  return (
    <li style={{ height: ROW_HEIGHT }} data-chosen={isOpen}>
      <button
        type="button"
        title={reason}
        aria-pressed={isOpen}
        onClick={() => setQueryField('item', isOpen ? '' : String(index))}
      >
        <span className="item-index">{index}</span>
        <StateBadge state={state} />
        {name !== '' && <span className="item-name">{name}</span>}
        <span className="item-reason">{reason}</span>
      </button>
    </li>
  );
}
