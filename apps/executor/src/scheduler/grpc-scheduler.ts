/** The scheduler over gRPC. Its calls belong to no single run and make no spans. */
import type {
  ExchangeAnswer,
  ExchangeRequest,
  OfferCall,
  OfferWait,
  Renewal,
  Scheduler,
} from '@floe/execution';
import { FloeError } from '@floe/errors';
import { LEASE_FORM, type RpcClient } from '@floe/rpc';
import type { Executor } from '@floe/rpc/contracts';
import { ExchangeAttemptsRequest, RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import type {
  AttemptLease,
  AttemptService,
  ExchangeAttemptsResponse,
} from '@floe/rpc/internal-contracts';
import { formatTraceparent, newSpanId, newTraceId, withTraceparent } from '@floe/telemetry';
import { toFinishRequest } from './to-finish-request.ts';
import { toLease } from './to-lease.ts';

export type SchedulerClient = Pick<
  RpcClient<typeof AttemptService>,
  'exchangeAttempts' | 'renewLeases' | 'recallOffer'
>;

export type GrpcSchedulerOptions = {
  /** Goes round all schedulers. */
  readonly client: SchedulerClient;
  /** One for each scheduler: an offer is recalled where it was made. */
  readonly single: readonly SchedulerClient[];
  readonly executorId: string;
  readonly pool: string;
  readonly labels: readonly string[];
  /** How this executor is now. */
  readonly describe: () => Executor;
};

export class GrpcScheduler implements Scheduler<AttemptLease> {
  readonly #options: GrpcSchedulerOptions;
  #turn = 0;

  constructor(options: GrpcSchedulerOptions) {
    this.#options = options;
  }

  async exchange(
    request: ExchangeRequest,
    deadlineMs: number,
  ): Promise<ExchangeAnswer<AttemptLease>> {
    const { client } = this.#options;
    const answer = await untraced(() =>
      client.exchangeAttempts(this.#toMessage(request), { deadlineMs }),
    );
    const { accepted } = answer;
    if (accepted.length !== request.finished.length) {
      const counts = `${request.finished.length} ends with ${accepted.length} verdicts`;
      throw new FloeError('SERVICE_UNAVAILABLE', `the scheduler answered ${counts}`);
    }
    return toAnswer(answer);
  }

  /** Stays with a scheduler as long as it answers. */
  offer(request: ExchangeRequest, { waitMs, deadlineMs }: OfferWait): OfferCall<AttemptLease> {
    const { single, executorId } = this.#options;
    const client = single[this.#turn % single.length]!;
    const { token } = request;
    const message = { ...this.#toMessage(request), waitMs };
    const answer = untraced(() => client.exchangeAttempts(message, { deadlineMs }));
    return {
      answer: answer.then(toAnswer, (error: unknown) => {
        this.#turn += 1;
        throw error;
      }),
      recall() {
        const recalled = untraced(() => client.recallOffer({ executorId, token }, { deadlineMs }));
        recalled.catch(() => undefined);
      },
    };
  }

  async renew(renewals: readonly Renewal[], deadlineMs: number) {
    const { client, describe } = this.#options;
    const request = RenewLeasesRequest.create({
      executor: describe(),
      renewals: renewals.map(toRenewalRequest),
    });
    const { verdicts } = await untraced(() => client.renewLeases(request, { deadlineMs }));
    return verdicts;
  }

  #toMessage(request: ExchangeRequest): ExchangeAttemptsRequest {
    const { token, repeated, free, finished, answerBy = 0 } = request;
    const { executorId, pool, labels } = this.#options;
    return ExchangeAttemptsRequest.create({
      executorId,
      pool,
      labels: [...labels],
      token,
      repeated,
      freeSlots: free.slot,
      freeLight: free.light,
      finished: finished.map(toFinishRequest),
      answerByMs: BigInt(Math.round(answerBy)),
      leaseForm: LEASE_FORM,
    });
  }
}

function toAnswer(answer: ExchangeAttemptsResponse): ExchangeAnswer<AttemptLease> {
  const { accepted, leases, moreReady, decidedAtMs } = answer;
  // An older scheduler does not say when it decided; nor does one that decided nothing.
  const decidedAt = decidedAtMs === 0n ? {} : { decidedAt: Number(decidedAtMs) };
  return { accepted, leases: leases.map(toLease), moreReady, ...decidedAt };
}

function toRenewalRequest({ runId, taskId, epoch, token, progress }: Renewal) {
  const rows = BigInt(progress.rows);
  const bytes = BigInt(progress.bytes);
  const begun = progress.hasBegun === true;
  const { handout: handoutJson = '' } = progress;
  return { runId, taskId, epoch: BigInt(epoch), token, rows, bytes, begun, handoutJson };
}

/** Inside an unsampled trace a call makes no spans. */
function untraced<Result>(body: () => Result): Result {
  const nowhere = { traceId: newTraceId(), spanId: newSpanId(), traceFlags: 0 };
  return withTraceparent(formatTraceparent(nowhere), body);
}
