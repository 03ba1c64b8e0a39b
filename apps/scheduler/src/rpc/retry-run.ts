import { createHash } from 'node:crypto';
import { toControlError } from '@floe/database';
import { isRunEnded } from '@floe/engine';
import { FloeError, nearestName } from '@floe/errors';
import { RetryRunResponse, type RetryRunRequest } from '@floe/rpc/contracts';
import { retriedRecord, type NewRun, type RunRecord } from '@floe/scheduling';
import { runMessage } from '../runs/snapshot.ts';
import { loadRun } from '../store/load-run.ts';
import type { RpcContext } from './context.ts';
import { refusedRun, runNotFound } from './refused-run.ts';
import { readItems, requireKeptInputs } from './retry-items.ts';
import { requireRunId } from './run-id.ts';
import {
  createRun,
  findAdmissionOf,
  newRecord,
  requireRequestId,
  type Caller,
} from './start-run.ts';

/**
 * Starts a run that does again what an ended one did not do well, or everything from a task on, or some items of a task
 * and all that follows. It is of the same version, with the same parameters, and keeps the other results.
 */
export async function retryRun(
  context: RpcContext,
  request: RetryRunRequest,
  caller: Caller,
): Promise<RetryRunResponse> {
  try {
    const runId = requireRunId(request.runId);
    requireRequestId(request.requestId);
    const ended = await loadRun(context.database, runId, context.plans.get);
    if (ended === undefined) throw runNotFound(runId);
    if (!isRunEnded(ended.state.status)) throw stillGoing(ended);
    const newRun = retryOf(context, { ended, request, caller });
    const admission = await findAdmissionOf(context, {
      workflowName: newRun.record.workflowName,
      requestId: newRun.requestId ?? '',
    });
    const { record } = await createRun(context, newRun, admission);
    return RetryRunResponse.create({ run: runMessage(record) });
  } catch (error) {
    throw toControlError(error);
  }
}

type Retry = {
  readonly ended: RunRecord;
  readonly request: RetryRunRequest;
  readonly caller: Caller;
};

function retryOf(context: RpcContext, { ended, request, caller }: Retry): NewRun {
  const from = request.fromTaskId === '' ? undefined : indexOfTask(ended, request.fromTaskId);
  const retry = readItems(ended, from, request.items);
  const { plan, workflowVersion: version, parameters, depth } = ended;
  const parts = { context, plan, caller, version, parameters, trigger: 'retry', depth };
  const { record, kept } = retriedRecord({ fresh: newRecord(parts), ended, retry });
  if (kept.size === plan.graph.tasks.length) throw nothingToRetry(ended);
  requireKeptInputs(ended, retry, kept);
  const newRun = { record, retry: { ...retry, ended: ended.state } };
  if (request.requestId === '') return newRun;
  const { fromTaskId, items } = request;
  const asked = ['retry', ended.runId, fromTaskId, ...(items === '' ? [] : [items])];
  const requestDigest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return { ...newRun, requestId: request.requestId, requestDigest };
}

function indexOfTask({ plan, runId }: RunRecord, taskId: string): number {
  const index = plan.taskIndexes.get(taskId);
  if (index !== undefined) return index;
  const nearest = nearestName(taskId, plan.taskIndexes.keys());
  throw new FloeError('TASK_NOT_FOUND', `run ${runId} has no task ${JSON.stringify(taskId)}`, {
    details: { run_id: runId, task_id: taskId },
    ...(nearest !== undefined && { hint: `Did you mean ${nearest}?` }),
  });
}

function stillGoing({ runId, state }: RunRecord): FloeError {
  const { code, message, details } = refusedRun(runId, state);
  return new FloeError(code, `${message}; only a run that has ended can be run again`, {
    details,
    hint: 'Wait for its end, or cancel it: floe runs cancel RUN',
  });
}

function nothingToRetry({ runId }: RunRecord): FloeError {
  return new FloeError('RUN_STATE_CONFLICT', `every task of run ${runId} has succeeded`, {
    details: { run_id: runId },
    hint: 'Name the task to begin with: floe runs retry RUN --from TASK',
  });
}
