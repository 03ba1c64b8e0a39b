import { assert } from '@floe/errors';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { Job } from '../worker/messages.ts';

/** What the worker needs of a lease; the token stays here. */
export function toJob(
  lease: AttemptLease,
  given: Pick<
    Job,
    | 'inputs'
    | 'itemRows'
    | 'outputPath'
    | 'traceparent'
    | 'filesDir'
    | 'httpHosts'
    | 'makers'
    | 'followers'
  >,
): Job {
  const { runId, taskId, attemptNumber: attempt, task } = lease;
  assert(task !== undefined, 'a lease says what is to be run');
  const { type, configJson, parametersJson, items, contractJson, maskedColumns, partition } = task;
  const epoch = Number(lease.epoch);
  return {
    runId,
    taskId,
    attempt,
    epoch,
    type,
    configJson,
    parametersJson,
    items,
    maskedColumns,
    ...given,
    ...(contractJson !== undefined && { contractJson }),
    ...(partition !== undefined && { partition }),
  };
}
