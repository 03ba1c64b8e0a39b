import { FloeError } from '@floe/errors';
import { GetTaskItemsResponse } from '@floe/rpc/contracts';
import type { GetTaskItemsRequest } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { itemStates } from '../item-states.ts';
import { toFailure } from '../rows-to-run.ts';
import { parseRunId } from '../run-id.ts';
import { readTaskItems } from '../store/read-task-items.ts';

export async function getTaskItems(
  { db }: Pick<Deps, 'db'>,
  request: GetTaskItemsRequest,
): Promise<GetTaskItemsResponse> {
  const runId = parseRunId(request.runId);
  const row = await readTaskItems(db, runId, request.taskId);
  if (row === undefined) throw noTask(runId, request.taskId);
  const { items } = row;
  if (items === null) return GetTaskItemsResponse.create({});
  const failures = items.failures.map(({ index, failure }) => ({
    index,
    failure: toFailure(failure),
  }));
  return { states: itemStates(items), failures };
}

function noTask(runId: string, taskId: string): FloeError {
  return new FloeError('TASK_NOT_FOUND', `run ${runId} has no task '${taskId.slice(0, 80)}'`, {
    hint: 'List its tasks with: floe runs get RUN',
  });
}
