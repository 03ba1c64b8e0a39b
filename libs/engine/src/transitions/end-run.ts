import type { Draft } from '../draft.ts';
import type { Cancel, Failure } from '../state.ts';
import { unendedCount } from '../status.ts';
import { cancelledStatus } from './end-task.ts';

/** E2: a run ends when each of its tasks has ended. */
export function endRunIfDone(draft: Draft): void {
  if (unendedCount(draft.counts) > 0) return;
  const endedAt = draft.world.now;
  const { cancel } = draft.run;
  if (draft.counts.succeeded === draft.taskCount) {
    draft.setRun({ status: 'succeeded', endedAt });
  } else if (cancel !== undefined) {
    draft.setRun({ status: cancelledStatus(draft), endedAt, failure: cancelFailure(cancel) });
  } else {
    draft.setRun({ status: 'failed', endedAt, failure: firstFailure(draft) });
  }
}

function firstFailure(draft: Draft): Failure | undefined {
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, failure } = draft.task(index);
    if (status !== 'upstream_failed' && status !== 'succeeded' && failure !== undefined)
      return failure;
  }
  return undefined;
}

function cancelFailure(cancel: Cancel): Failure {
  const code = cancel.cause === 'timeout' ? 'RUN_TIMEOUT' : 'RUN_CANCELLED';
  return { code, message: cancel.reason };
}
