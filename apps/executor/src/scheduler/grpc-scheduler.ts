/** The scheduler over gRPC. Its calls belong to no single run and make no spans. */
import type { ExchangeAnswer, ExchangeRequest, Renewal, Scheduler } from '@floe/execution';
import { FloeError } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import type { Executor } from '@floe/rpc/contracts';
import { ExchangeAttemptsRequest, RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import type { AttemptLease, AttemptService } from '@floe/rpc/internal-contracts';
import { formatTraceparent, newSpanId, newTraceId, withTraceparent } from '@floe/telemetry';
import { toFinishRequest } from './to-finish-request.ts';
import { toLease } from './to-lease.ts';

export type SchedulerClient = Pick<
  RpcClient<typeof AttemptService>,
  'exchangeAttempts' | 'renewLeases'
>;

export type GrpcSchedulerOptions = {
  readonly client: SchedulerClient;
  readonly executorId: string;
  readonly pool: string;
  readonly labels: readonly string[];
  /** How this executor is now. */
  readonly describe: () => Executor;
};

export class GrpcScheduler implements Scheduler<AttemptLease> {
  readonly #options: GrpcSchedulerOptions;

  constructor(options: GrpcSchedulerOptions) {
    this.#options = options;
  }

  async exchange(
    { token, repeated, free, finished, answerBy = 0 }: ExchangeRequest,
    deadlineMs: number,
  ): Promise<ExchangeAnswer<AttemptLease>> {
    const { client, executorId, pool, labels } = this.#options;
    const request = ExchangeAttemptsRequest.create({
      executorId,
      pool,
      labels: [...labels],
      token,
      repeated,
      freeSlots: free.slot,
      freeLight: free.light,
      finished: finished.map(toFinishRequest),
      answerByMs: BigInt(Math.round(answerBy)),
    });
    const answer = await untraced(() => client.exchangeAttempts(request, { deadlineMs }));
    const { accepted, leases, moreReady, decidedAtMs } = answer;
    if (accepted.length !== finished.length) {
      const counts = `${finished.length} ends with ${accepted.length} verdicts`;
      throw new FloeError('SERVICE_UNAVAILABLE', `the scheduler answered ${counts}`);
    }
    // An older scheduler does not say when it decided.
    const decidedAt = decidedAtMs === 0n ? {} : { decidedAt: Number(decidedAtMs) };
    return { accepted, leases: leases.map(toLease), moreReady, ...decidedAt };
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
