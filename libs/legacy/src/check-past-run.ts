import { checkStorable } from './check-storable.ts';
import { unreadable, type Finding } from './finding.ts';
import { ID_LENGTH_MAX } from './limits.ts';
import type { PastRun } from './past-run.ts';

// One batch takes so many; a run with more nodes than a workflow may have is none.
export const NODE_RUNS_MAX = 10_000;

/** Refuses a run that the tables of Floe do not take, before it would refuse its whole batch. Throws DOCUMENT_INVALID. */
export function checkPastRun(run: PastRun): void {
  checkStorable(run);
  const ids = {
    workflowRunId: run.workflowRunId,
    jobRunId: run.jobRunId,
    workflowId: run.workflowId,
  };
  const findings: Finding[] = Object.entries(ids).flatMap(([path, id = '']) => tooLong(path, id));
  for (const { nodeId } of run.nodes) findings.push(...tooLong('nodeId', nodeId));
  if (run.nodes.length > NODE_RUNS_MAX)
    findings.push({ path: 'nodes', message: `are ${run.nodes.length}; at most ${NODE_RUNS_MAX}` });
  if (findings.length > 0) throw unreadable(findings);
}

function tooLong(path: string, id: string): Finding[] {
  if (id.length <= ID_LENGTH_MAX) return [];
  return [{ path, message: `has ${id.length} characters; at most ${ID_LENGTH_MAX}` }];
}
