import type { ControlDatabase } from '@floe/database';

export type GroupPage = {
  readonly groupId: string;
  /** Only runs behind this one; the first page begins before all ids. */
  readonly afterRunId: string;
  readonly limit: number;
};

const FIND_GROUP = {
  name: 'scheduler.find_group',
  text: `/* scheduler.find_group */
    select run_id, wake_at is null as is_ended from run
    where group_id = $1 and run_id > $2 order by run_id limit $3`,
};

type GroupRow = { readonly run_id: string; readonly is_ended: boolean };

/** Runs of a group in the order of their ids. */
export async function findGroup(
  { query }: Pick<ControlDatabase, 'query'>,
  { groupId, afterRunId, limit }: GroupPage,
): Promise<readonly { readonly runId: string; readonly isEnded: boolean }[]> {
  const rows = await query<GroupRow>(FIND_GROUP, [groupId, afterRunId, limit]);
  return rows.map(({ run_id, is_ended }) => ({ runId: run_id, isEnded: is_ended }));
}
