import type { AttemptFailure, AttemptResult, FailureCause, Finish, Outcome } from '@floe/execution';
import type {
  AttemptFailed,
  AttemptSucceeded,
  FinishAttemptRequest,
  FollowerOutcome,
} from '@floe/rpc/internal-contracts';

/** The end of an attempt, as the scheduler is told. */
export function toFinishRequest(finish: Finish): FinishAttemptRequest {
  const { lease, outcome, peakMemoryBytes, beganAtMs } = finish;
  const { runId, taskId, epoch, token } = lease;
  return {
    runId,
    taskId,
    epoch: BigInt(epoch),
    token,
    outcome: toMessage(outcome),
    peakMemoryBytes: BigInt(peakMemoryBytes),
    beganAtUs: beganAtMs === undefined ? 0n : sinceEpochUs(beganAtMs),
    followers: outcome.kind === 'succeeded' ? toFollowers(outcome.result) : [],
  };
}

/** The clock of an executor counts from when its process began. */
function sinceEpochUs(clockMs: number): bigint {
  return BigInt(Math.round((performance.timeOrigin + clockMs) * 1_000));
}

function toFollowers({ followers = [] }: AttemptResult): FollowerOutcome[] {
  return followers.map((follower) => ({
    taskId: follower.taskId,
    outcome:
      follower.kind === 'succeeded'
        ? { $case: 'succeeded', value: toSucceeded(follower.result) }
        : { $case: 'failed', value: toFailed(follower.failure, 'task') },
  }));
}

function toMessage(outcome: Outcome): FinishAttemptRequest['outcome'] {
  switch (outcome.kind) {
    case 'succeeded':
      return { $case: 'succeeded', value: toSucceeded(outcome.result) };
    case 'failed':
      return { $case: 'failed', value: toFailed(outcome.failure, outcome.cause) };
    case 'handed_back':
      return { $case: 'handedBack', value: { reason: outcome.reason } };
  }
}

function toSucceeded({ rows, bytes, ...result }: AttemptResult): AttemptSucceeded {
  const failedItems = result.failedItems.map(({ index, failure }) => ({
    index,
    failure: toFailureMessage(failure),
    retryable: failure.retryable,
  }));
  return {
    rows: BigInt(rows),
    bytes: BigInt(bytes),
    datasetJson: result.datasetJson,
    failedItems,
    voided: result.isVoid === true,
    rowsUncounted: result.hasUncountedRows === true,
  };
}

function toFailed(failure: AttemptFailure, cause: FailureCause): AttemptFailed {
  return {
    failure: toFailureMessage(failure),
    retryable: failure.retryable,
    cancelled: cause === 'cancelled',
    lost: cause === 'lost',
    timedOut: cause === 'timed_out',
  };
}

function toFailureMessage({ code, message, details, hint = '' }: AttemptFailure) {
  // The task is known from the attempt.
  return { code, message, details: { ...details }, hint, taskId: '' };
}
