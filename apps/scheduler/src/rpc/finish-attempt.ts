import type { Failure, Outcome } from '@floe/engine';
import { FloeError } from '@floe/errors';
import type {
  AttemptFailed,
  FinishAttemptRequest,
  FinishAttemptResponse,
} from '@floe/rpc/internal-contracts';
import type { FinishResult } from '../commit/commit-input.ts';
import { isDataset } from '../runs/dataset-message.ts';
import { hashToken } from './claim-attempt.ts';
import type { RpcContext } from './context.ts';
import { requireRunId } from './run-id.ts';

// Failure texts are for people; a longer one is cut, so that it can neither fill the database nor an event.
const FAILURE_TEXT_MAX = 8_192;
const FAILURE_DETAILS_MAX = 32;

/** Ends an attempt. Only its holder can, only once; the same outcome again is accepted again. */
export async function finishAttempt(
  context: RpcContext,
  request: FinishAttemptRequest,
): Promise<FinishAttemptResponse> {
  const runId = requireRunId(request.runId);
  const outcome = toOutcome(request);
  const result = toResult(request);
  const committed = await context.committer.submit(runId, {
    type: 'finish',
    taskId: request.taskId,
    epoch: Number(request.epoch),
    outcome,
    tokenHash: hashToken(request.token),
    result,
  });
  return { accepted: committed.kind === 'changed' || committed.kind === 'repeated' };
}

function toOutcome(request: FinishAttemptRequest): Outcome {
  const { outcome, taskId } = request;
  switch (outcome?.$case) {
    case 'succeeded':
      return { kind: 'succeeded' };
    case 'handedBack':
      return { kind: 'handed_back' };
    case 'failed':
      return failedOutcome(outcome.value, taskId);
    default:
      throw new FloeError('ARGUMENT_INVALID', 'the finish of an attempt has no outcome');
  }
}

function failedOutcome(failed: AttemptFailed, taskId: string): Outcome {
  if (failed.cancelled) return { kind: 'cancelled' };
  const failure = toFailure(failed, taskId);
  if (failed.lost) return { kind: 'lost', failure };
  if (failed.timedOut) return { kind: 'timed_out', failure };
  return { kind: 'failed', failure, retryable: failed.retryable };
}

function toFailure({ failure }: AttemptFailed, taskId: string): Failure {
  return {
    code: cut(failure?.code || 'INTERNAL'),
    message: cut(failure?.message ?? ''),
    taskId,
    details: Object.fromEntries(
      Object.entries(failure?.details ?? {})
        .slice(0, FAILURE_DETAILS_MAX)
        .map(([name, value]) => [cut(name), cut(value)]),
    ),
    ...(failure?.hint && { hint: cut(failure.hint) }),
  };
}

function toResult(request: FinishAttemptRequest): FinishResult {
  const peakMemoryBytes = Number(request.peakMemoryBytes);
  if (request.outcome?.$case !== 'succeeded') return { rows: 0, bytes: 0, peakMemoryBytes };
  const { rows, bytes, datasetJson } = request.outcome.value;
  const result = { rows: Number(rows), bytes: Number(bytes), peakMemoryBytes };
  return datasetJson === '' ? result : { ...result, dataset: parseDataset(datasetJson) };
}

function parseDataset(text: string): unknown {
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
