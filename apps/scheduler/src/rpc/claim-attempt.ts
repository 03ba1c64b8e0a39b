import { createHash } from 'node:crypto';
import { FloeError } from '@floe/errors';
import {
  ClaimAttemptResponse,
  type AttemptLease,
  type ClaimAttemptRequest,
  Lane,
} from '@floe/rpc/internal-contracts';
import { LEASE_MS } from '../limits.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { attemptTraceparent } from '../runs/traceparents.ts';
import type { RpcContext } from './context.ts';
import { requireRunId } from './run-id.ts';

// Below it a token could be guessed; above it is no token.
const TOKEN_LENGTH_MIN = 32;
const TOKEN_LENGTH_MAX = 256;

/** Gives the lease of an attempt to the first executor that asks for its current epoch, and to it again. */
export async function claimAttempt(
  context: RpcContext,
  request: ClaimAttemptRequest,
): Promise<ClaimAttemptResponse> {
  const runId = requireRunId(request.runId);
  const { token, executorId } = request;
  if (executorId === '') throw new FloeError('ARGUMENT_INVALID', 'executor_id is empty');
  if (token.length < TOKEN_LENGTH_MIN || token.length > TOKEN_LENGTH_MAX) {
    const wanted = `${TOKEN_LENGTH_MIN} to ${TOKEN_LENGTH_MAX} characters`;
    throw new FloeError(
      'ARGUMENT_INVALID',
      `the token of a claim has ${token.length}, not ${wanted}`,
    );
  }
  const epoch = Number(request.epoch);
  const result = await context.committer.submit(runId, {
    type: 'claim',
    taskId: request.taskId,
    epoch,
    executorId,
    tokenHash: hashToken(token),
  });
  if (result.kind === 'changed' || result.kind === 'repeated') {
    const lease = toLease(result.record, { taskId: request.taskId, epoch, token });
    return ClaimAttemptResponse.create({ result: { $case: 'lease', value: lease } });
  }
  return refusal(result.kind === 'refused' ? result.refusal : 'there is no such run');
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function refusal(reason: string): ClaimAttemptResponse {
  return ClaimAttemptResponse.create({ result: { $case: 'refusal', value: { reason } } });
}

function toLease(
  record: RunRecord,
  claim: { taskId: string; epoch: number; token: string },
): AttemptLease {
  const { epoch, token } = claim;
  const task = record.plan.taskIndexes.get(claim.taskId)!;
  const spec = record.plan.workflow.tasks[task]!;
  return {
    attemptId: `${record.runId}/${spec.id}/${epoch}`,
    runId: record.runId,
    taskId: spec.id,
    epoch: BigInt(epoch),
    attemptNumber: record.state.tasks[task]!.attempts,
    token,
    leaseMs: BigInt(LEASE_MS),
    traceparent: attemptTraceparent(record, task),
    workflowName: record.workflowName,
    lane: Lane.UNSPECIFIED,
    task: {
      type: spec.type,
      configJson: JSON.stringify(spec.config),
      parametersJson: JSON.stringify(record.parameters),
      inputs: spec.inputs.map((input) => ({
        taskId: input,
        datasetJson: JSON.stringify(
          record.details[record.plan.taskIndexes.get(input)!]?.dataset ?? null,
        ),
      })),
      timeoutMs: BigInt(spec.timeoutMs),
      memoryLimitBytes: BigInt(spec.memoryBytes ?? 0),
      progressTimeoutMs: 0n,
      items: [],
      ...(spec.contract === undefined ? {} : { contractJson: JSON.stringify(spec.contract) }),
    },
  };
}
