import { readStatsRow, textOf, type JsonRecord } from '@floe/legacy';
import { Batches, type BatchesOptions } from './batches.ts';
import type { OldRun } from './old-tables.ts';
import { quarantineDocument } from './quarantine.ts';

type Importing = BatchesOptions & {
  /** Ends the import between two batches. */
  readonly signal: AbortSignal;
};

/** Sends the runs where they belong, and puts aside what is none. */
export async function importOldTables(
  runs: AsyncIterable<OldRun>,
  importing: Importing,
): Promise<void> {
  const batches = new Batches(importing);
  for await (const old of runs) {
    importing.signal.throwIfAborted();
    if (old.run !== undefined && isOwn(old.run)) importing.tally.skipped += 1;
    else await addRun(batches, old);
  }
  await batches.finish();
}

/** Floe writes its own runs into the old tables too, where they stand in its database: with one id for both. */
function isOwn(run: JsonRecord): boolean {
  const id = textOf(run['workflow_run_id']);
  return id !== '' && textOf(run['prefect_flow_run_id']) === id;
}

async function addRun(
  batches: Batches,
  { run, runId, doubles, moreDoubles, nodes }: OldRun,
): Promise<void> {
  const about = {
    place: `workflow_run_stats ${runId}`,
    kind: 'workflow_run_stats',
    documentId: runId,
  } as const;
  if (run === undefined) {
    const reason = `has ${nodes.length} rows in node_run_details and none in workflow_run_stats`;
    return batches.putAside(quarantineDocument({ ...about, reason }, { runId, nodes }));
  }
  for (const double of doubles) {
    const reason = `is an older row of the run ${runId}; the newest one is imported`;
    await batches.putAside(quarantineDocument({ ...about, reason }, double));
  }
  if (moreDoubles > 0) {
    const reason = `has ${moreDoubles} more rows in workflow_run_stats than are told one by one`;
    await batches.putAside(quarantineDocument({ ...about, reason }, { runId }));
  }
  const record = { ...run, nodes };
  await batches.addRuns(() => [readStatsRow(run, nodes)], { ...about, record });
}
