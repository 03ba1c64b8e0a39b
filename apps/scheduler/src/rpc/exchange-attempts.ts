import { FloeError } from '@floe/errors';
import {
  ExchangeAttemptsResponse,
  type ExchangeAttemptsRequest,
} from '@floe/rpc/internal-contracts';
import { EXCHANGE_FINISHED_MAX, EXCHANGE_FREE_MAX, NAME_LENGTH_MAX } from '../limits.ts';
import type { RpcContext } from './context.ts';
import { toFinishedAttempt } from './finished-attempt.ts';
import { toLeaseMessage } from './lease-message.ts';
import { requireToken, tokenHasher } from './token.ts';

/** Ends attempts of an executor and gives it others, in one transaction. */
export async function exchangeAttempts(
  { committer }: RpcContext,
  request: ExchangeAttemptsRequest,
): Promise<ExchangeAttemptsResponse> {
  const { token, repeated, finished, answerByMs } = request;
  if (finished.length > EXCHANGE_FINISHED_MAX) {
    const message = `${finished.length} outcomes in one call; at most ${EXCHANGE_FINISHED_MAX}`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  const hashOf = tokenHasher();
  const { accepted, leases, moreReady, decidedAt } = await committer.exchange({
    executorId: requireName('executor_id', request.executorId),
    pool: requireName('pool', request.pool),
    tokenHash: requireToken(token),
    isRepeated: repeated,
    free: { slot: toFree(request.freeSlots), light: toFree(request.freeLight) },
    finished: finished.map((one) => toFinishedAttempt(one, hashOf)),
    ...(answerByMs !== 0n && { answerBy: Number(answerByMs) }),
  });
  return ExchangeAttemptsResponse.create({
    accepted: [...accepted],
    leases: leases.map((lease) => toLeaseMessage(lease, token)),
    moreReady,
    decidedAtMs: BigInt(Math.round(decidedAt)),
  });
}

function requireName(field: string, value: string): string {
  if (value !== '' && value.length <= NAME_LENGTH_MAX && !value.includes('\u0000')) return value;
  const message = `${field} must have 1 to ${NAME_LENGTH_MAX} characters`;
  throw new FloeError('ARGUMENT_INVALID', message);
}

/** An executor that offers more than one call can carry gets the rest with the next. */
function toFree(offered: number): number {
  return Math.min(Math.max(0, offered), EXCHANGE_FREE_MAX);
}
