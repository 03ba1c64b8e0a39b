import type { ReactNode } from 'react';
import type { Failure } from '@floe/client';
import { CopyButton } from '../components/copy-button.tsx';
import { FailureNote } from '../components/failure-note.tsx';
import { Icon } from '../components/icon.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { setQueryField } from '../router.ts';
import type { Item } from './item-states.ts';
import type { ItemWords } from './item-words.ts';

export type ItemDetailProps = Pick<ItemWords, 'word'> & {
  readonly item: Item;
  /** Its value, where the document or a parameter has it. */
  readonly name: string;
  /** Of the first failures only: the server does not tell all. */
  readonly failure: Failure | undefined;
  /** What can be done with it. */
  readonly children: ReactNode;
};

/** One item: what it is, how it stands, and why it failed. */
export function ItemDetail({
  item: { index, state },
  word,
  name,
  failure,
  children,
}: ItemDetailProps) {
  return (
    <section className="item-detail" aria-label={`The chosen ${word}`}>
      <p className="panel-state">
        <span className="muted">
          {word === 'item' ? 'Item' : 'Partition'} {index}
        </span>
        <StateBadge state={state} />
        {name !== '' && (
          <>
            <code className="item-name">{name}</code>
            <CopyButton text={name} label={`Copy the ${word}`} />
          </>
        )}
        <button
          type="button"
          className="icon-button item-close"
          title="Close"
          onClick={() => setQueryField('item', '')}
        >
          <Icon name="close" />
          <span className="visually-hidden">Close the {word}</span>
        </button>
      </p>
      {failure !== undefined && (
        <FailureNote
          state={state}
          code={failure.code}
          message={failure.message}
          hint={failure.hint}
        />
      )}
      {failure === undefined && state === 'TASK_STATE_FAILED' && (
        <p className="muted">Its failure is in the log: only the first ones are told here.</p>
      )}
      {children}
    </section>
  );
}
