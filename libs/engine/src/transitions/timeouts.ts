import type { Failure } from '../failure.ts';

/** What each of the four timeouts of a task says. */
export function queueTimeout(taskId: string): Failure {
  return {
    code: 'QUEUE_TIMEOUT',
    message: `no executor took task ${taskId} within its queue timeout`,
    taskId,
    hint: 'Start an executor of its pool that offers its labels, or raise queue_timeout.',
  };
}

export function startTimeout(taskId: string): Failure {
  const message = `an executor took task ${taskId}, but its worker did not begin in time`;
  return { code: 'START_TIMEOUT', message, taskId };
}

export function attemptTimeout(taskId: string): Failure {
  const message = `task ${taskId} ran longer than its timeout`;
  return { code: 'ATTEMPT_TIMEOUT', message, taskId };
}

export function totalTimeout(taskId: string): Failure {
  const message = `task ${taskId} took longer than its total timeout`;
  return { code: 'TASK_TIMEOUT', message, taskId };
}
