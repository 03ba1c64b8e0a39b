import { FloeError } from '@floe/errors';
import type { ServerCall } from '@floe/rpc';
import type { TailLogsRequest, TailLogsResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { requireText } from '../arguments.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { toLineFilter } from '../watch/line-filter.ts';
import { toSequence } from '../sequence.ts';
import { findTaskIndex } from '../store/find-task-index.ts';
import { readRunHead } from '../store/read-runs.ts';
import { followLines, readStoredLines } from '../watch/log-lines.ts';

export async function* tailLogs(
  deps: Deps,
  request: TailLogsRequest,
  call: ServerCall,
): AsyncGenerator<TailLogsResponse, void> {
  const runId = parseRunId(request.runId);
  const afterSequence = toSequence(request.afterSequence);
  const taskId = requireText('task_id', request.taskId);
  const wanted = toLineFilter(request);
  await checkExists(deps, runId, taskId);
  const lines = { runId, taskId, afterSequence, wanted, signal: call.signal };
  yield* request.follow ? followLines(deps, lines) : readStoredLines(deps, lines);
}

async function checkExists(deps: Deps, runId: string, taskId: string): Promise<void> {
  if ((await readRunHead(deps.db, runId)) === undefined) throw runNotFound(runId);
  if (taskId === '' || (await findTaskIndex(deps.db, runId, taskId)) !== undefined) return;
  throw new FloeError('TASK_NOT_FOUND', `run ${runId} has no task '${taskId}'`, {
    details: { runId, taskId },
    hint: 'List the task runs of the run to find the right name, or leave the task out.',
  });
}
