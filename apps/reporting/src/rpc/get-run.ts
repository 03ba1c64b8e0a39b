import type { GetRunRequest, GetRunResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { toRun } from '../rows-to-run.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { readRun } from '../store/read-runs.ts';

export async function getRun(deps: Deps, request: GetRunRequest): Promise<GetRunResponse> {
  const runId = parseRunId(request.runId);
  const row = await readRun(deps.db, runId);
  if (row === undefined) throw runNotFound(runId);
  const counts = await deps.runCounts.of([row]);
  const { jaegerUrl } = deps;
  return { run: toRun(row, { counts: counts.get(runId) ?? [], jaegerUrl }) };
}
