import { toControlError } from '@floe/database';
import type { EventBatch } from '@floe/scheduling';
import type { Deps } from '../deps.ts';

/** Where a run is in its history, and what has happened since a number. */
export type RunNews = {
  readonly state: string;
  /** The number of its newest event. */
  readonly newest: number;
  /** Oldest first, as they were committed; the first may begin before the number. A page: there may be more. */
  readonly batches: readonly EventBatch[];
};

// What one commit did to one run: some hundred kilobytes at most, save for the first of a run with thousands of tasks.
const BATCHES_PER_PAGE = 4;

// One question, so that state and events are of the same moment, and whoever waits for them waits once.
const READ_NEWS = {
  name: 'reporting.read_run_news',
  text: `/* reporting.read_run_news */
    select run.state, run.event_sequence, news.first_sequence, news.occurred_at, news.before, news.events
    from run
    left join lateral (
      select first_sequence, last_sequence, occurred_at, before, events from run_event_batch
      where run_id = run.run_id and last_sequence > $2
      order by last_sequence limit ${BATCHES_PER_PAGE}
    ) news on true
    where run.run_id = $1
    order by news.last_sequence`,
};

type NewsRow = {
  readonly state: string;
  readonly event_sequence: number;
  readonly first_sequence: number | null;
  readonly occurred_at: number;
  readonly before: EventBatch['before'];
  readonly events: EventBatch['events'];
};

/**
 * Undefined when there is no such run. The scheduler writes the events of one run in the order of their numbers, one
 * transaction after the other, so what is visible has no gap.
 */
export async function readRunNews(
  { database }: Pick<Deps, 'database'>,
  runId: string,
  afterSequence: number,
): Promise<RunNews | undefined> {
  const rows = await database
    .query<NewsRow>(READ_NEWS, [runId, afterSequence])
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
  const [head] = rows;
  if (head === undefined) return undefined;
  const batches = rows.flatMap(({ first_sequence, occurred_at: at, before, events }) =>
    first_sequence === null ? [] : [{ runId, firstSequence: first_sequence, at, before, events }],
  );
  return { state: head.state, newest: head.event_sequence, batches };
}
