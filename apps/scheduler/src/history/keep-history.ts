import { toControlError, type ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';
import {
  addPartitions,
  countRuns,
  dropPartition,
  forgetRequests,
  type PartitionWidth,
} from '../store/history.ts';

export type HistorySettings = {
  readonly width: PartitionWidth;
  /** Undefined: for ever. */
  readonly keepDays: number | undefined;
};

// A Floe that sleeps for less than this finds its partitions made. Each of them costs every look into the queues.
const AHEAD: Readonly<Record<PartitionWidth, number>> = { day: 3, week: 1 };
// Whoever shortens the retention has more to drop than one; the rest goes the next time.
const DROPPED_MAX = 8;
// A statement of some ten milliseconds.
const REQUESTS_FORGOTTEN_MAX = 5_000;
// A statement of some hundred milliseconds.
const RUNS_COUNTED_MAX = 50_000;
// What is new in a minute needs one. A history that was never counted is through in some minutes, and others get their turn.
const COUNTS_MAX = 10;

type History = { readonly database: Pick<ControlDatabase, 'query'>; readonly log: Log };

/** Without a partition for its time no run can be stored, so this comes before the first. */
export async function prepareHistory(
  { database }: Pick<History, 'database'>,
  { width }: HistorySettings,
): Promise<void> {
  try {
    await addPartitions(database, { width, ahead: AHEAD[width] });
  } catch (thrown) {
    throw toControlError(thrown);
  }
}

/** Makes the partitions that come next, counts the runs for lists, and drops the partitions whose time is over. */
export async function keepHistory(history: History, settings: HistorySettings): Promise<void> {
  await prepareHistory(history, settings);
  await countAll(history);
  if (settings.keepDays === undefined) return;
  for (let count = 0; count < DROPPED_MAX; count += 1) {
    const dropped = await dropPartition(history.database, settings.keepDays);
    if (dropped === undefined) break;
    history.log.info({ partition: dropped }, 'dropped a partition of the history');
  }
  await forgetRequests(history.database, REQUESTS_FORGOTTEN_MAX);
}

async function countAll({ database }: Pick<History, 'database'>): Promise<void> {
  for (let count = 0; count < COUNTS_MAX; count += 1) {
    if (!(await countRuns(database, RUNS_COUNTED_MAX))) return;
  }
}
