import { createHash } from 'node:crypto';
import { toControlError } from '@floe/database';
import { isRunEnded, retriedRunState } from '@floe/engine';
import { FloeError, nearestName } from '@floe/errors';
import { RetryRunResponse, type RetryRunRequest } from '@floe/rpc/contracts';
import type { NewRun, RunRecord } from '@floe/scheduling';
import { newSpanId } from '@floe/telemetry';
import { runMessage } from '../runs/snapshot.ts';
import { loadRun } from '../store/load-run.ts';
import type { RpcContext } from './context.ts';
import { refusedRun, runNotFound } from './refused-run.ts';
import { requireRunId } from './run-id.ts';
import {
  createRun,
  findAdmissionOf,
  newRecord,
  requireRequestId,
  type Caller,
} from './start-run.ts';

/**
 * Starts a run that does again what an ended one did not do well, or everything from a task on. It is of the same
 * version, with the same parameters, and keeps the other results.
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
  const { plan, workflowVersion: version, parameters, depth } = ended;
  const parts = { context, plan, caller, version, parameters, trigger: 'retry', depth };
  const record = newRecord(parts);
  const options = { now: 0, timeoutMs: 1, ...(from !== undefined && { from }) };
  const kept = new Set(retriedRunState(plan.graph, ended.state, options).kept);
  if (kept.size === plan.graph.tasks.length) throw nothingToRetry(ended);
  const retry = { ended: ended.state, ...(from !== undefined && { from }) };
  const next = {
    ...record,
    generation: ended.generation + 1,
    retryOf: ended.runId,
    ...(ended.ignoresKnown === true && { ignoresKnown: true }),
    ...saidBefore(ended),
    details: ended.details.map((detail, index) =>
      kept.has(index) ? keptDetail(detail) : record.details[index]!,
    ),
  };
  if (request.requestId === '') return { record: next, retry };
  const asked = JSON.stringify(['retry', ended.runId, request.fromTaskId]);
  const requestDigest = createHash('sha256').update(asked).digest('hex');
  return { record: next, retry, requestId: request.requestId, requestDigest };
}

/** What was said of the run holds for the one that does it again. */
function saidBefore({ annotations, groupId, isExclusive }: RunRecord): Partial<RunRecord> {
  return {
    ...(annotations !== undefined && { annotations }),
    ...(groupId !== undefined && { groupId }),
    ...(isExclusive === true && { isExclusive }),
  };
}

/** Its results, in a span of its own. */
function keptDetail({
  rows,
  bytes,
  peakMemoryBytes,
  dataset,
  answer,
  knownFrom,
}: RunRecord['details'][number]) {
  return {
    spanId: newSpanId(),
    rows,
    bytes,
    peakMemoryBytes,
    ...(dataset !== undefined && { dataset }),
    ...(answer !== undefined && { answer }),
    ...(knownFrom !== undefined && { knownFrom }),
  };
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
