import { FloeError } from '@floe/errors';
import {
  ExchangeAttemptsResponse,
  type ExchangeAttemptsRequest,
} from '@floe/rpc/internal-contracts';
import { LABEL, LABEL_COUNT_MAX } from '@floe/workflow';
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
    labels: requireLabels(request.labels),
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

function requireLabels(labels: readonly string[]): readonly string[] {
  if (labels.length > LABEL_COUNT_MAX || !labels.every((label) => LABEL.test(label))) {
    const message = `labels must be at most ${LABEL_COUNT_MAX} names of a-z, 0-9, _ and -`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  return [...new Set(labels)].toSorted();
}

/** An executor that offers more than one call can carry gets the rest with the next. */
function toFree(offered: number): number {
  return Math.min(Math.max(0, offered), EXCHANGE_FREE_MAX);
}
