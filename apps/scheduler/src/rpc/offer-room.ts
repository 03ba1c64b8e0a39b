import { FloeError } from '@floe/errors';
import type { ServerCall } from '@floe/rpc';
import { RecallOfferResponse, type RecallOfferRequest } from '@floe/rpc/internal-contracts';
import type { ExchangeRequest, ExchangeResult } from '@floe/scheduling';
import { OFFER_WAIT_MS_MAX } from '../limits.ts';
import type { RpcContext } from './context.ts';
import { requireName } from './name.ts';
import { requireToken } from './token.ts';

/** Keeps the room of an executor until there is work for it. Undefined when there was none in time. */
export async function offerRoom(
  { committer }: Pick<RpcContext, 'committer'>,
  { request, waitMs, call }: OfferedRoom,
): Promise<ExchangeResult | undefined> {
  const { executorId, tokenHash } = request;
  // A caller that is gone is given nothing.
  const onGone = () => committer.recallOffer(executorId, tokenHash);
  call.signal.addEventListener('abort', onGone, { once: true });
  try {
    return await committer.offer(request, Math.min(waitMs, OFFER_WAIT_MS_MAX));
  } finally {
    call.signal.removeEventListener('abort', onGone);
  }
}

/** Throws ARGUMENT_INVALID. */
export function requireOffer({ finished, free }: ExchangeRequest): void {
  if (finished.length === 0 && free.slot + free.light > 0) return;
  throw new FloeError('ARGUMENT_INVALID', 'an offer has room and ends nothing');
}

export type OfferedRoom = {
  readonly request: ExchangeRequest;
  readonly waitMs: number;
  readonly call: Pick<ServerCall, 'signal'>;
};

/** Lets an offer be answered at once. One that is answered already is nobody's concern. */
export function recallOffer(
  { committer }: Pick<RpcContext, 'committer'>,
  { executorId, token }: RecallOfferRequest,
): Promise<RecallOfferResponse> {
  committer.recallOffer(requireName('executor_id', executorId), requireToken(token));
  return Promise.resolve(RecallOfferResponse.create({}));
}
