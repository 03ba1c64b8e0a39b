import type { FinishAttemptRequest, FinishAttemptResponse } from '@floe/rpc/internal-contracts';
import type { RpcContext } from './context.ts';
import { toFinishedAttempt } from './finished-attempt.ts';
import { hashToken } from './token.ts';

/** Ends an attempt. Only its holder can, only once; the same outcome again is accepted again. */
export async function finishAttempt(
  { committer }: RpcContext,
  request: FinishAttemptRequest,
): Promise<FinishAttemptResponse> {
  const { runId, input } = toFinishedAttempt(request, hashToken);
  const { kind } = await committer.submit(runId, input);
  return { accepted: kind === 'changed' || kind === 'repeated' };
}
