import { ProblemBanner } from '../components/problem-banner.tsx';
import { useAddress } from '../router.ts';
import { BulkBar } from './bulk-bar.tsx';
import { NoMatch, NoRuns } from './empty-runs.tsx';
import { OverviewStrip } from './overview-strip.tsx';
import { RunsFilter } from './runs-filter.tsx';
import { isForAll, parseRunsQuery, runsAddress } from './runs-query.ts';
import type { RunsQuery } from './runs-query.ts';
import { RunsTable } from './runs-table.tsx';
import { useRuns } from './use-runs.ts';
import type { Runs } from './use-runs.ts';
import { useSelection } from './use-selection.ts';
import type { Selection } from './use-selection.ts';
import { ViewsBar } from './views-bar.tsx';

/** All runs. */
export function RunsPage() {
  const query = parseRunsQuery(useAddress().searchParams);
  const runs = useRuns(query);
  return (
    <div className="page">
      <h1>Runs</h1>
      <OverviewStrip />
      <RunsFilter query={query} />
      <ViewsBar query={query} />
      {runs.error !== undefined && (
        <ProblemBanner
          title="The list is not up to date."
          error={runs.error}
          onRetry={runs.refresh}
        />
      )}
      {/* Marks are about the runs of one query. */}
      <RunsBody key={runsAddress(query)} runs={runs} query={query} />
    </div>
  );
}

function RunsBody({ runs, query }: { readonly runs: Runs; readonly query: RunsQuery }) {
  const { list } = runs;
  const selection = useSelection(list?.runs ?? []);
  if (list === undefined) {
    return runs.error === undefined ? <p className="muted loading">Reading the runs …</p> : null;
  }
  // It stays when the last run has left the list: it says what was done with the marked ones.
  return (
    <>
      <BulkBar selection={selection} query={query} hasMore={list.nextPageToken !== ''} />
      <RunsList runs={runs} list={list} query={query} selection={selection} />
    </>
  );
}

type RunsListProps = {
  readonly runs: Runs;
  readonly list: NonNullable<Runs['list']>;
  readonly query: RunsQuery;
  readonly selection: Selection;
};

function RunsList({ runs, list, query, selection }: RunsListProps) {
  if (list.runs.length === 0) return isForAll(query) ? <NoRuns /> : <NoMatch />;
  return (
    <>
      <RunsTable runs={list.runs} selection={selection} />
      <p className="list-end">
        {list.nextPageToken === '' ? (
          <span className="muted">
            {list.runs.length === 1 ? '1 run' : `${list.runs.length} runs`}, no older ones
          </span>
        ) : (
          <button
            type="button"
            className="button"
            disabled={runs.isLoadingMore}
            onClick={runs.loadMore}
          >
            {runs.isLoadingMore ? 'Loading …' : 'Load more'}
          </button>
        )}
      </p>
    </>
  );
}
