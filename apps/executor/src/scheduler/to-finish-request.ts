import type { AttemptFailure, Finish, Outcome } from '@floe/execution';
import type { FinishAttemptRequest } from '@floe/rpc/internal-contracts';

/** The end of an attempt, as the scheduler is told. */
export function toFinishRequest({ lease, outcome, peakMemoryBytes }: Finish): FinishAttemptRequest {
  const { runId, taskId, epoch, token } = lease;
  return {
    runId,
    taskId,
    epoch: BigInt(epoch),
    token,
    outcome: toMessage(outcome),
    peakMemoryBytes: BigInt(peakMemoryBytes),
  };
}

function toMessage(outcome: Outcome): FinishAttemptRequest['outcome'] {
  switch (outcome.kind) {
    case 'succeeded': {
      const { rows, bytes, datasetJson, isVoid: voided = false } = outcome.result;
      const failedItems = outcome.result.failedItems.map(({ index, failure }) => ({
        index,
        failure: toFailureMessage(failure),
        retryable: failure.retryable,
      }));
      const value = { rows: BigInt(rows), bytes: BigInt(bytes), datasetJson, failedItems, voided };
      return { $case: 'succeeded', value };
    }
    case 'failed': {
      const { failure, cause } = outcome;
      const value = {
        failure: toFailureMessage(failure),
        retryable: failure.retryable,
        cancelled: cause === 'cancelled',
        lost: cause === 'lost',
        timedOut: cause === 'timed_out',
      };
      return { $case: 'failed', value };
    }
    case 'handed_back':
      return { $case: 'handedBack', value: { reason: outcome.reason } };
  }
}

function toFailureMessage({ code, message, details, hint = '' }: AttemptFailure) {
  // The task is known from the attempt.
  return { code, message, details: { ...details }, hint, taskId: '' };
}
