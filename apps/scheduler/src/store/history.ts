import type { ControlDatabase } from '@floe/database';

type Query = Pick<ControlDatabase, 'query'>;

export type PartitionWidth = 'day' | 'week';

const ADD_PARTITIONS = {
  name: 'scheduler.add_history_partitions',
  text: `/* scheduler.add_history_partitions */ select add_history_partitions($1, $2)`,
};

/** Makes the partitions that are missing until so many of them lie ahead. */
export async function addPartitions(
  { query }: Query,
  { width, ahead }: { readonly width: PartitionWidth; readonly ahead: number },
): Promise<void> {
  await query(ADD_PARTITIONS, [width, ahead]);
}

const DROP_PARTITION = {
  name: 'scheduler.drop_history_partition',
  text: `/* scheduler.drop_history_partition */ select drop_history_partition(make_interval(days => $1)) as dropped`,
};

/** Drops one partition that ended this long ago and is needed by nobody; its name, or undefined when there is none. */
export async function dropPartition(
  { query }: Query,
  keepDays: number,
): Promise<string | undefined> {
  const [row] = await query<{ dropped: string | null }>(DROP_PARTITION, [keepDays]);
  return row?.dropped ?? undefined;
}

const FORGET_REQUESTS = {
  name: 'scheduler.forget_run_requests',
  text: `/* scheduler.forget_run_requests */ select forget_run_requests($1) as forgotten`,
};

/** Forgets request ids of runs that are gone, at most so many; answers how many they were. */
export async function forgetRequests({ query }: Query, limit: number): Promise<number> {
  const [row] = await query<{ forgotten: number }>(FORGET_REQUESTS, [limit]);
  return row!.forgotten;
}

const COUNT_RUNS = {
  name: 'scheduler.count_runs',
  text: `/* scheduler.count_runs */ select count_runs($1) as has_more`,
};

/** Counts runs that nobody has counted, at most so many; answers whether there are more. */
export async function countRuns({ query }: Query, limit: number): Promise<boolean> {
  const [row] = await query<{ has_more: boolean }>(COUNT_RUNS, [limit]);
  return row!.has_more;
}
