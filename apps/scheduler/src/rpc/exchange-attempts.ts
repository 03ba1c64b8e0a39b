import { FloeError } from '@floe/errors';
import { LEASE_FORM, type ServerCall } from '@floe/rpc';
import {
  ExchangeAttemptsResponse,
  type ExchangeAttemptsRequest,
} from '@floe/rpc/internal-contracts';
import type { ExchangeRequest } from '@floe/scheduling';
import { countRefusal } from '@floe/telemetry';
import { LABEL, LABEL_COUNT_MAX } from '@floe/workflow';
import { EXCHANGE_FINISHED_MAX, EXCHANGE_FREE_MAX } from '../limits.ts';
import type { RpcContext } from './context.ts';
import { countStale } from './count-stale.ts';
import { toFinishedAttempt } from './finished-attempt.ts';
import { toLeaseMessage } from './lease-message.ts';
import { requireName } from './name.ts';
import { offerRoom, requireOffer } from './offer-room.ts';
import { requireToken, tokenHasher } from './token.ts';

/** Ends attempts of an executor and gives it others, in one transaction. */
export async function exchangeAttempts(
  context: RpcContext,
  request: ExchangeAttemptsRequest,
  call: Pick<ServerCall, 'signal'>,
): Promise<ExchangeAttemptsResponse> {
  const { token, waitMs } = request;
  const asked = toExchange(request);
  if (waitMs > 0) requireOffer(asked);
  const isOutdated = request.leaseForm < LEASE_FORM;
  const wanted = isOutdated ? withoutRoom(asked) : asked;
  const result =
    waitMs > 0
      ? await offerRoom(context, { request: wanted, waitMs, call })
      : await context.committer.exchange(wanted);
  if (result === undefined) return ExchangeAttemptsResponse.create({});
  const { accepted, leases, moreReady, decidedAt } = result;
  countStale('ExchangeAttempts', accepted);
  return ExchangeAttemptsResponse.create({
    accepted: [...accepted],
    // Those of a lost answer, which an older scheduler had written, end as lost.
    leases: isOutdated ? [] : leases.map((lease) => toLeaseMessage(lease, token)),
    moreReady: moreReady && !isOutdated,
    decidedAtMs: BigInt(Math.round(decidedAt)),
  });
}

/** Of an executor that would misread a lease: it ends what it has, and waits to be replaced. */
function withoutRoom(asked: ExchangeRequest): ExchangeRequest {
  const place = 'floe.internal.v1.AttemptService/ExchangeAttempts';
  countRefusal({ surface: 'rpc', place, reason: 'EXECUTOR_OUTDATED' });
  return { ...asked, free: { slot: 0, light: 0 } };
}

function toExchange(request: ExchangeAttemptsRequest): ExchangeRequest {
  const { token, repeated, finished, answerByMs } = request;
  if (finished.length > EXCHANGE_FINISHED_MAX) {
    const message = `${finished.length} outcomes in one call; at most ${EXCHANGE_FINISHED_MAX}`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  const hashOf = tokenHasher();
  return {
    executorId: requireName('executor_id', request.executorId),
    pool: requireName('pool', request.pool),
    labels: requireLabels(request.labels),
    tokenHash: requireToken(token),
    isRepeated: repeated,
    free: { slot: toFree(request.freeSlots), light: toFree(request.freeLight) },
    finished: finished.map((one) => toFinishedAttempt(one, hashOf)),
    ...(answerByMs !== 0n && { answerBy: Number(answerByMs) }),
  };
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
