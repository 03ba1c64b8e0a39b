import { useState } from 'react';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { formatCount } from '../format/quantity.ts';
import { allowing } from './bulk-deed.ts';
import type { BulkDeed } from './bulk-deed.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { loadMatching } from './load-matching.ts';
import type { RunsQuery } from './runs-query.ts';
import type { Selection } from './use-selection.ts';

export type BulkBarProps = {
  readonly selection: Selection;
  readonly query: RunsQuery;
  /** Whether the query matches more than is listed. */
  readonly hasMore: boolean;
};

/** What can be done with the marked runs at once. */
export function BulkBar({ selection, query, hasMore }: BulkBarProps) {
  const [deed, setDeed] = useState<BulkDeed>();
  const [error, setError] = useState<unknown>(undefined);
  const { runs } = selection;
  if (runs.length === 0) return null;
  const [cancellable, retryable] = [allowing(runs, 'cancel'), allowing(runs, 'retry')];
  const selectAll = () => void loadMatching(query).then(selection.set, setError);
  return (
    <>
      <div className="bulk" role="group" aria-label="Marked runs">
        <strong>{formatCount(runs.length)} marked</strong>
        {hasMore && (
          <button type="button" className="text-button" onClick={selectAll}>
            Mark all that match
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={cancellable.length === 0}
          onClick={() => setDeed('cancel')}
        >
          <Icon name="stop" />
          Cancel {formatCount(cancellable.length)}
        </button>
        <button
          type="button"
          className="button"
          disabled={retryable.length === 0}
          onClick={() => setDeed('retry')}
        >
          <Icon name="again" />
          Retry {formatCount(retryable.length)}
        </button>
        <button type="button" className="text-button" onClick={() => selection.set([])}>
          Clear
        </button>
      </div>
      {error !== undefined && <ProblemBanner title="They were not marked." error={error} />}
      {deed !== undefined && (
        <BulkDialog
          deed={deed}
          runs={deed === 'cancel' ? cancellable : retryable}
          onClose={() => setDeed(undefined)}
          onDone={() => selection.set([])}
        />
      )}
    </>
  );
}
