import { toControlError } from '@floe/database';
import { FloeError } from '@floe/errors';
import { ExecutorState, type Executor } from '@floe/rpc/contracts';
import { RenewLeasesResponse, type RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import { LEASE_MS, type LeaseVerdict } from '@floe/scheduling';
import { LABEL_COUNT_MAX } from '@floe/workflow';
import { HANDOUT_LENGTH_MAX, RENEWALS_MAX } from '../limits.ts';
import { recordExecutor, type ExecutorReport } from '../store/record-executor.ts';
import type { RpcContext } from './context.ts';
import { countStale } from './count-stale.ts';
import { requireRunId } from './run-id.ts';
import { tokenHasher } from './token.ts';

/** Extends the leases of an executor and notes that it lives. */
export async function renewExecutorLeases(
  context: RpcContext,
  request: RenewLeasesRequest,
): Promise<RenewLeasesResponse> {
  if (request.renewals.length > RENEWALS_MAX) {
    throw new FloeError(
      'ARGUMENT_INVALID',
      `${request.renewals.length} renewals in one call; at most ${RENEWALS_MAX}`,
    );
  }
  const hashOf = tokenHasher();
  const renewals = request.renewals.map((renewal) => ({
    runId: requireRunId(renewal.runId),
    taskId: renewal.taskId,
    epoch: Number(renewal.epoch),
    tokenHash: hashOf(renewal.token),
    rows: Number(renewal.rows),
    bytes: Number(renewal.bytes),
  }));
  try {
    await recordExecutor(context.db, toReport(request.executor));
    const verdicts = await context.store.renewLeases(renewals, LEASE_MS);
    const isHeld = verdicts.map((verdict) => verdict.isHeld);
    countStale('RenewLeases', isHeld);
    await tellBegun(context, request, verdicts);
    await handOut(context, request, verdicts);
    return RenewLeasesResponse.create({
      verdicts: verdicts.map((verdict) => ({
        held: verdict.isHeld,
        cancel: verdict.isCancelled,
        leaseUntilTime: verdict.leaseUntil === undefined ? undefined : new Date(verdict.leaseUntil),
      })),
    });
  } catch (error) {
    throw toControlError(error);
  }
}

/** Of attempts that have begun the engine is told once, and only where it waits for that. */
async function tellBegun(
  { committer }: RpcContext,
  { renewals }: RenewLeasesRequest,
  verdicts: readonly LeaseVerdict[],
): Promise<void> {
  const told = renewals.flatMap(({ runId, epoch, begun }, index) => {
    const task = verdicts[index]?.awaitsBegin;
    if (!begun || task === undefined) return [];
    const input = { type: 'begin', task, epoch: Number(epoch) } as const;
    return [committer.submit(requireRunId(runId), input)];
  });
  await Promise.all(told);
}

/** What the lead of partitions holds is for those that wait for it; told again it changes nothing. */
async function handOut(
  { committer }: RpcContext,
  { renewals }: RenewLeasesRequest,
  verdicts: readonly LeaseVerdict[],
): Promise<void> {
  const told = renewals.flatMap(({ runId, taskId, epoch, handoutJson: handout }, index) => {
    if (handout === '' || verdicts[index]?.isHeld !== true) return [];
    if (handout.length > HANDOUT_LENGTH_MAX)
      throw new FloeError('ARGUMENT_INVALID', `a handout is longer than ${HANDOUT_LENGTH_MAX}`);
    const input = { type: 'hand_out', taskId, epoch: Number(epoch), handout } as const;
    return [committer.submit(requireRunId(runId), input)];
  });
  await Promise.all(told);
}

function toReport(executor: Executor | undefined): ExecutorReport {
  if (executor === undefined || executor.executorId === '') {
    throw new FloeError('ARGUMENT_INVALID', 'the renewal does not say which executor it is from');
  }
  return {
    executorId: executor.executorId,
    address: executor.address,
    pool: executor.pool,
    slots: executor.slots,
    busySlots: executor.busySlots,
    state: toState(executor.state),
    version: executor.version,
    startedAt: executor.startTime ?? new Date(0),
    labels: executor.labels.slice(0, LABEL_COUNT_MAX),
  };
}

function toState(state: ExecutorState): ExecutorReport['state'] {
  if (state === ExecutorState.DRAINING) return 'draining';
  return state === ExecutorState.STOPPED ? 'stopped' : 'active';
}
