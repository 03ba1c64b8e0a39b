import { FloeError } from '@floe/errors';
import { ClaimAttemptResponse, type ClaimAttemptRequest } from '@floe/rpc/internal-contracts';
import type { RpcContext } from './context.ts';
import { toLeaseMessage } from './lease-message.ts';
import { requireRunId } from './run-id.ts';
import { requireToken } from './token.ts';

/** Gives the lease of an attempt to the first executor that asks for its current epoch, and to it again. */
export async function claimAttempt(
  { committer }: RpcContext,
  request: ClaimAttemptRequest,
): Promise<ClaimAttemptResponse> {
  const runId = requireRunId(request.runId);
  const { token, executorId, taskId } = request;
  if (executorId === '') throw new FloeError('ARGUMENT_INVALID', 'executor_id is empty');
  const epoch = Number(request.epoch);
  const tokenHash = requireToken(token);
  const claim = { type: 'claim', taskId, epoch, executorId, tokenHash } as const;
  const result = await committer.submit(runId, claim);
  if (result.kind === 'missing') return refusal('there is no such run');
  if (result.kind === 'refused') return refusal(result.refusal);
  const { record } = result;
  const task = record.plan.taskIndexes.get(taskId)!;
  const lease = toLeaseMessage({ record, task, epoch }, token);
  return ClaimAttemptResponse.create({ result: { $case: 'lease', value: lease } });
}

function refusal(reason: string): ClaimAttemptResponse {
  return ClaimAttemptResponse.create({ result: { $case: 'refusal', value: { reason } } });
}
