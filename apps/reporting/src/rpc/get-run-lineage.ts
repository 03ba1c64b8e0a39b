import type { GetRunLineageRequest, GetRunLineageResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { outsideDatasets } from '../lineage/outside-datasets.ts';
import { plannedTasks } from '../lineage/planned-tasks.ts';
import { runLineage } from '../lineage/run-lineage.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { readRun } from '../store/read-runs.ts';
import { readTaskRuns } from '../store/read-task-runs.ts';
import { readVersionDatasets } from '../store/read-version-datasets.ts';
import { readDocument } from '../store/read-workflow.ts';

// The most tasks that a document may have.
const TASKS_MAX = 10_000;

export async function getRunLineage(
  { db }: Deps,
  request: GetRunLineageRequest,
): Promise<GetRunLineageResponse> {
  const runId = parseRunId(request.runId);
  const run = await readRun(db, runId);
  if (run === undefined) throw runNotFound(runId);
  const version = { workflowName: run.workflow_name, version: run.workflow_version };
  const [document, taskRuns, known] = await Promise.all([
    readDocument(db, version),
    readTaskRuns(db, runId, { afterIndex: -1, limit: TASKS_MAX }),
    readVersionDatasets(db, version),
  ]);
  const plan = plannedTasks(document);
  return { lineage: runLineage({ plan, taskRuns, outside: outsideDatasets(plan, known) }) };
}
