import { ITEMS_MAX, type Failure, type Outcome } from '@floe/engine';
import { FloeError } from '@floe/errors';
import type {
  AttemptFailed,
  AttemptSucceeded,
  FinishAttemptRequest,
  FollowerOutcome,
} from '@floe/rpc/internal-contracts';
import type { FinishedAttempt, FinishResult, FollowerEnd } from '@floe/scheduling';
import {
  CLOCK_MS_MAX,
  DATASET_JSON_LENGTH_MAX,
  FAILURE_DETAIL_TEXT_MAX,
  FAILURE_DETAILS_MAX,
  FAILURE_TEXT_MAX,
  FOLLOWERS_MAX,
} from '../limits.ts';
import { isDataset } from '../runs/dataset-message.ts';
import { requireRunId } from './run-id.ts';

/** The outcome of an attempt as the committer takes it. Throws ARGUMENT_INVALID for one that nobody could mean. */
export function toFinishedAttempt(
  request: FinishAttemptRequest,
  hashOf: (token: string) => string,
): FinishedAttempt {
  const { taskId, epoch, token, followers } = request;
  if (followers.length > FOLLOWERS_MAX) {
    const message = `${followers.length} followers in one outcome; at most ${FOLLOWERS_MAX}`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  return {
    runId: requireRunId(request.runId),
    input: {
      type: 'finish',
      taskId,
      epoch: Number(epoch),
      outcome: toOutcome(request),
      tokenHash: hashOf(token),
      result: {
        ...toResult(request.outcome, Number(request.peakMemoryBytes)),
        ...beganOf(request),
      },
      ...(followers.length > 0 && {
        followers: followers.map((one) => toFollowerEnd(one, request)),
      }),
    },
  };
}

const MICROSECONDS = 1_000;

/** A time that no clock shows is none. */
function beganOf({ beganAtUs }: FinishAttemptRequest): Pick<FinishResult, 'beganAt'> {
  const beganAt = Number(beganAtUs) / MICROSECONDS;
  return beganAt > 0 && beganAt < CLOCK_MS_MAX ? { beganAt } : {};
}

/** Its memory is that of the attempt: there is one process. */
function toFollowerEnd(
  follower: FollowerOutcome,
  { peakMemoryBytes }: FinishAttemptRequest,
): FollowerEnd {
  return {
    taskId: follower.taskId,
    outcome: toOutcome(follower),
    result: toResult(follower.outcome, Number(peakMemoryBytes)),
  };
}

type Ended = Pick<FinishAttemptRequest, 'taskId' | 'outcome'>;

function toOutcome({ outcome, taskId }: Ended): Outcome {
  switch (outcome?.$case) {
    case 'succeeded':
      return succeededOutcome(outcome.value, taskId);
    case 'handedBack':
      return { kind: 'handed_back' };
    case 'failed':
      return failedOutcome(outcome.value, taskId);
    default:
      throw new FloeError('ARGUMENT_INVALID', 'the finish of an attempt has no outcome');
  }
}

function succeededOutcome(succeeded: AttemptSucceeded, taskId: string): Outcome {
  const { rows, failedItems, voided, rowsUncounted } = succeeded;
  if (failedItems.length > ITEMS_MAX) {
    const message = `${failedItems.length} failed items in one outcome; at most ${ITEMS_MAX}`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  const failed = failedItems.map(({ index, failure, retryable }) => ({
    index,
    failure: toFailure(failure, taskId),
    retryable,
  }));
  return {
    kind: 'succeeded',
    rows: Number(rows),
    ...(rowsUncounted && { hasUncountedRows: true }),
    ...(failed.length > 0 && { failedItems: failed }),
    ...(voided && { isVoid: true }),
  };
}

function failedOutcome(failed: AttemptFailed, taskId: string): Outcome {
  if (failed.cancelled) return { kind: 'cancelled' };
  const failure = toFailure(failed.failure, taskId);
  if (failed.lost) return { kind: 'lost', failure };
  if (failed.timedOut) return { kind: 'timed_out', failure };
  return { kind: 'failed', failure, retryable: failed.retryable };
}

function toFailure(failure: AttemptFailed['failure'], taskId: string): Failure {
  return {
    code: cut(failure?.code || 'INTERNAL'),
    message: cut(failure?.message ?? ''),
    taskId,
    details: Object.fromEntries(
      Object.entries(failure?.details ?? {})
        .slice(0, FAILURE_DETAILS_MAX)
        .map(([name, value]) => [cutDetail(name), cutDetail(value)]),
    ),
    ...(failure?.hint && { hint: cut(failure.hint) }),
  };
}

function toResult(outcome: Ended['outcome'], peakMemoryBytes: number): FinishResult {
  if (outcome?.$case !== 'succeeded') return { rows: 0, bytes: 0, peakMemoryBytes };
  const { rows, bytes, datasetJson } = outcome.value;
  const result = { rows: Number(rows), bytes: Number(bytes), peakMemoryBytes };
  return datasetJson === '' ? result : { ...result, dataset: parseDataset(datasetJson) };
}

function parseDataset(text: string): unknown {
  if (text.length > DATASET_JSON_LENGTH_MAX) {
    const message = `dataset_json is longer than ${DATASET_JSON_LENGTH_MAX} characters`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  let dataset: unknown;
  try {
    dataset = JSON.parse(text);
  } catch (error) {
    throw new FloeError('ARGUMENT_INVALID', 'dataset_json is not JSON', { cause: error });
  }
  if (!isDataset(dataset))
    throw new FloeError('ARGUMENT_INVALID', 'dataset_json is not a dataset reference');
  return dataset;
}

/** PostgreSQL stores no NUL in text or jsonb. */
function cut(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').slice(0, FAILURE_TEXT_MAX);
}

function cutDetail(text: string): string {
  return cut(text).slice(0, FAILURE_DETAIL_TEXT_MAX);
}
