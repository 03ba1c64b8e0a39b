/**
 * Which runs are the only ones of their workflow.
 *
 *   X1. A workflow has one exclusive run at most: the primary key of the table says so, whoever asks at the same time.
 *   X2. A run is in the table from the transaction that stores it to the one that ends it.
 */
import type { ControlSession } from '@floe/database';
import { isRunEnded } from '@floe/engine';
import type { Batch, NewRun, RunRecord } from '@floe/scheduling';
import { arraysOf, unnest, type Column, type Part } from './columns.ts';

const COLUMNS: readonly Column<NewRun>[] = [
  { name: 'workflow_name', type: 'text', of: ({ record }) => record.workflowName },
  { name: 'run_id', type: 'uuid', of: ({ record }) => record.runId },
];

// In the order of names, so that no two transactions wait for each other. One that finds a run which is about to end waits
// for that end, and takes its place.
const TAKE = {
  name: 'scheduler.take_alone',
  text: `/* scheduler.take_alone */
    insert into exclusive_run (workflow_name, run_id)
    select x.workflow_name, x.run_id from ${unnest(COLUMNS, 1)}
    order by x.workflow_name, x.run_id
    on conflict do nothing
    returning run_id`,
};

const LEAVE = {
  name: 'scheduler.leave_alone',
  text: `/* scheduler.leave_alone */ delete from exclusive_run where run_id = any($1::uuid[])`,
};

/** Gives the ids of those that are now the only ones of their workflows. */
export async function takeAlone(
  session: ControlSession,
  runs: readonly NewRun[],
): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  const rows = await session.query<{ run_id: string }>(TAKE, arraysOf(COLUMNS, runs));
  return new Set(rows.map((row) => row.run_id));
}

export async function leaveAlone(
  session: ControlSession,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length > 0) await session.query(LEAVE, [runIds]);
}

/** X2: the part of a batch that lets the next ones in. */
export const RELEASES: Part<RunRecord> = {
  name: 'releases',
  columns: [{ name: 'run_id', type: 'uuid', of: ({ runId }) => runId }],
  sql: (source) => `
    delete from exclusive_run e using ${source} where e.run_id = x.run_id`,
};

export function releasedBy({ runs }: Batch): RunRecord[] {
  return runs
    .map(({ record }) => record)
    .filter(({ isExclusive, state }) => isExclusive === true && isRunEnded(state.status));
}
