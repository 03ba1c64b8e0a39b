import { assert } from '@floe/errors';
import type { Lane, Lease } from '@floe/execution';
import { Lane as LaneName } from '@floe/rpc/internal-contracts';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import { LIGHT_RUNNERS } from '@floe/tasks/light';

/** A lease of the scheduler; its work is the message itself. */
export function toLease(message: AttemptLease): Lease<AttemptLease> {
  const { runId, taskId, attemptId, token, task } = message;
  assert(task !== undefined, 'a lease says what is to be run');
  return {
    runId,
    taskId,
    epoch: Number(message.epoch),
    attemptId,
    token,
    leaseMs: Number(message.leaseMs),
    lane: toLane(message.lane, task.type),
    timeoutMs: Number(task.timeoutMs),
    progressTimeoutMs: Number(task.progressTimeoutMs),
    work: message,
  };
}

/** A scheduler that names no lane leaves it to the type of the task. */
function toLane(name: LaneName, type: string): Lane {
  if (name === LaneName.LIGHT) return 'light';
  if (name === LaneName.SLOT) return 'slot';
  return Object.hasOwn(LIGHT_RUNNERS, type) ? 'light' : 'slot';
}
