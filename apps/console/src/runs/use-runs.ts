import { useMemo, useState } from 'react';
import { floe } from '../api.ts';
import { usePolling } from '../polling.ts';
import { withNewestPage, withOlderPage } from './runs-list.ts';
import type { RunsList } from './runs-list.ts';
import { runsAddress, toListOptions } from './runs-query.ts';
import type { RunsQuery } from './runs-query.ts';
import { serverNow } from '../server-clock.ts';

const PAGE_SIZE = 50;
// Changes come by themselves; this only finds what their stream has missed.
const REFRESH_MS = 15_000;

export type Runs = {
  /** Undefined until the first answer. */
  readonly list: RunsList | undefined;
  readonly error: unknown;
  readonly isLoadingMore: boolean;
  readonly refresh: () => void;
  readonly loadMore: () => void;
};

/** The runs of a query: the newest page kept fresh, older ones on demand. */
export function useRuns(query: RunsQuery): Runs {
  const key = runsAddress(query);
  const [shown, setShown] = useState<{ readonly key: string; readonly list: RunsList }>();
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<unknown>(undefined);
  const list = shown?.key === key ? shown.list : undefined;

  // Pages follow each other only while they ask for the same span of time.
  const openedAtMs = useMemo(() => serverNow(), [key]);
  const options = { ...toListOptions(query, openedAtMs), pageSize: PAGE_SIZE };

  const call = () => floe.listRuns(options);
  const { error, refresh } = usePolling(
    { key, pauseMs: REFRESH_MS, follows: 'runs', call },
    (page) => {
      setShown((before) => ({
        key,
        list: withNewestPage(before?.key === key ? before.list : undefined, page),
      }));
    },
  );

  const loadOlder = async (pageToken: string) => {
    setLoadingMore(true);
    try {
      const page = await floe.listRuns({ ...options, pageToken });
      setShown((before) =>
        before?.key === key ? { key, list: withOlderPage(before.list, page) } : before,
      );
      setMoreError(undefined);
    } catch (thrown) {
      setMoreError(thrown);
    } finally {
      setLoadingMore(false);
    }
  };
  const loadMore = () => {
    if (list !== undefined && list.nextPageToken !== '') void loadOlder(list.nextPageToken);
  };
  return { list, error: error ?? moreError, isLoadingMore, refresh, loadMore };
}
