import type { Draft } from './draft.ts';
import type { Outcome, Refusal } from './input.ts';
import { CANCEL_DEADLINE_MS, LOSSES_MAX, LOSS_RETRY_DELAY_MS, TIMEOUT_GRACE_MS } from './limits.ts';
import { retryDelayMs } from './retry-delay.ts';
import { isTaskEnded, type Cancel, type Failure, type TaskState } from './state.ts';
import { assertNever } from '@floe/errors';

type Named = { readonly task: number; readonly epoch: number };

/** S1: tasks that wait for nothing become ready. A run without tasks has succeeded. */
export function startRun(draft: Draft): Refusal | undefined {
  if (draft.run.status !== 'queued') return 'not_ready';
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    if (task.status === 'pending' && task.waitingFor === 0) makeReady(draft, index);
  }
  endRunIfDone(draft);
  return undefined;
}

/** C1–C3: at most one claim of an epoch; the attempt is charged here, so that a task which kills its worker runs out. */
export function claimAttempt(draft: Draft, input: Named): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'ready');
  if (refusal !== undefined) return refusal;
  if (draft.run.status === 'cancelling') return 'cancelling';
  const task = draft.task(input.task);
  const { now } = draft.world;
  if (draft.run.status === 'queued') draft.setRun({ status: 'running', startedAt: now });
  draft.command({ type: 'attempt_claimed', task: input.task, epoch: input.epoch });
  draft.setTask(input.task, {
    status: 'running',
    attempts: task.attempts + 1,
    startedAt: task.startedAt ?? now,
    deadlineAt: now + policyOf(draft, input.task).timeoutMs + TIMEOUT_GRACE_MS,
  });
  return undefined;
}

/** F1: only the current epoch, and only while it runs, can end an attempt. */
export function finishAttempt(
  draft: Draft,
  input: Named & { outcome: Outcome },
): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'running');
  if (refusal !== undefined) return refusal;
  applyOutcome(draft, input.task, input.outcome);
  endRunIfDone(draft);
  return undefined;
}

function applyOutcome(draft: Draft, index: number, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'succeeded':
      return succeed(draft, index);
    case 'failed':
      draft.endAttempt(index, 'failed', outcome.failure);
      return failOrRetry(draft, index, { failure: outcome.failure, mayRetry: outcome.retryable });
    case 'timed_out':
      draft.endAttempt(index, 'timed_out', outcome.failure);
      return failOrRetry(draft, index, {
        failure: outcome.failure,
        mayRetry: true,
        end: 'timed_out',
      });
    case 'lost':
      return lose(draft, index, outcome.failure);
    case 'cancelled':
      return confirmStop(draft, index);
    case 'handed_back':
      return handBack(draft, index);
    default:
      return assertNever(outcome);
  }
}

/** L1: the lease of the attempt ran out, or its executor is gone. */
export function loseAttempt(draft: Draft, input: Named & { reason: string }): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'running');
  if (refusal !== undefined) return refusal;
  lose(draft, input.task, {
    code: 'ATTEMPT_LOST',
    message: input.reason,
    taskId: taskId(draft, input.task),
  });
  endRunIfDone(draft);
  return undefined;
}

/** X1–X3: what nobody works on ends at once; what runs is told to stop and has until the cancel deadline. */
export function cancelRun(
  draft: Draft,
  why: Pick<Cancel, 'cause' | 'reason'>,
): Refusal | undefined {
  if (draft.run.status === 'cancelling') return 'cancelling';
  draft.cancel({ at: draft.world.now, ...why }, 'cancelling');
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, epoch } = draft.task(index);
    if (status === 'running') draft.command({ type: 'stop_attempt', task: index, epoch });
    else if (!isTaskEnded(status)) cancelWaiting(draft, index);
  }
  endRunIfDone(draft);
  return undefined;
}

/** W1: the time of something has come. Everything that is due is done; the rest stays. */
export function wakeRun(draft: Draft): Refusal | undefined {
  const { now } = draft.world;
  if (draft.run.status !== 'cancelling' && now >= draft.run.deadlineAt) {
    return cancelRun(draft, { cause: 'timeout', reason: 'the run reached its timeout' });
  }
  const isGivenUp =
    draft.run.cancel !== undefined && now >= draft.run.cancel.at + CANCEL_DEADLINE_MS;
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    if (task.status === 'running' && isGivenUp) confirmStop(draft, index);
    else if (isDue(task, now)) endWait(draft, index);
  }
  endRunIfDone(draft);
  return undefined;
}

function isDue(task: TaskState, now: number): boolean {
  if (task.status === 'retrying')
    return task.nextAttemptAt !== undefined && now >= task.nextAttemptAt;
  return task.deadlineAt !== undefined && now >= task.deadlineAt && !isTaskEnded(task.status);
}

function endWait(draft: Draft, index: number): void {
  const task = draft.task(index);
  if (task.status === 'retrying') return makeReady(draft, index);
  const id = taskId(draft, index);
  if (task.status === 'ready') {
    const failure = {
      code: 'QUEUE_TIMEOUT',
      message: `no executor took task ${id} within its queue timeout`,
      taskId: id,
      hint: 'Start an executor for its pool, or raise queue_timeout.',
    };
    draft.endAttempt(index, 'timed_out', failure);
    return fail(draft, index, { failure, end: 'timed_out' });
  }
  const failure = {
    code: 'ATTEMPT_TIMEOUT',
    message: `task ${id} ran longer than its timeout`,
    taskId: id,
  };
  draft.command({ type: 'stop_attempt', task: index, epoch: task.epoch });
  draft.endAttempt(index, 'timed_out', failure);
  return failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
}

function makeReady(draft: Draft, index: number): void {
  const task = draft.task(index);
  const { now } = draft.world;
  const epoch = task.epoch + 1;
  draft.command({ type: 'dispatch', task: index, epoch, number: task.attempts + 1 });
  draft.setTask(index, {
    status: 'ready',
    epoch,
    readyAt: now,
    nextAttemptAt: undefined,
    deadlineAt: now + policyOf(draft, index).queueTimeoutMs,
  });
}

function succeed(draft: Draft, index: number): void {
  draft.endAttempt(index, 'succeeded');
  draft.setTask(index, { ...ended(draft), status: 'succeeded', failure: undefined });
  for (const next of draft.graph.tasks[index]?.downstream ?? []) {
    const waitingFor = draft.task(next).waitingFor - 1;
    draft.setTask(next, { waitingFor });
    if (waitingFor === 0 && draft.task(next).status === 'pending') makeReady(draft, next);
  }
}

function lose(draft: Draft, index: number, failure: Failure): void {
  const losses = draft.task(index).losses + 1;
  draft.endAttempt(index, 'lost', failure);
  draft.setTask(index, { losses });
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  if (losses > LOSSES_MAX) return fail(draft, index, { failure, end: 'failed' }); // L3
  waitForRetry(draft, index, { failure, delayMs: LOSS_RETRY_DELAY_MS * losses }); // L2
}

type Ending = { readonly failure: Failure; readonly end?: 'failed' | 'timed_out' };

function failOrRetry(draft: Draft, index: number, ending: Ending & { mayRetry: boolean }): void {
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  const task = draft.task(index);
  const policy = policyOf(draft, index);
  const failures = task.attempts - task.losses;
  if (!ending.mayRetry || failures > policy.retriesMax) return fail(draft, index, ending); // R2, R3
  const delayMs = retryDelayMs(policy, { failures, random: draft.world.random });
  waitForRetry(draft, index, { failure: ending.failure, delayMs }); // R1
}

function waitForRetry(
  draft: Draft,
  index: number,
  wait: { failure: Failure; delayMs: number },
): void {
  const nextAttemptAt = draft.world.now + wait.delayMs;
  draft.setTask(index, {
    status: 'retrying',
    failure: wait.failure,
    nextAttemptAt,
    deadlineAt: undefined,
  });
}

/** U1: everything that needs a task which did not succeed is upstream_failed, all the way down. */
function fail(draft: Draft, index: number, ending: Ending): void {
  draft.setTask(index, {
    ...ended(draft),
    status: ending.end ?? 'failed',
    failure: ending.failure,
  });
  const id = taskId(draft, index);
  const failure = { code: 'UPSTREAM_FAILED', message: `task ${id} did not succeed`, taskId: id };
  const queue = [...(draft.graph.tasks[index]?.downstream ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (isTaskEnded(draft.task(next).status)) continue;
    draft.setTask(next, { ...ended(draft), status: 'upstream_failed', failure });
    queue.push(...(draft.graph.tasks[next]?.downstream ?? []));
  }
}

/** The worker of a running attempt is gone for good. Outside a cancel this counts as a loss: nobody asked for it. */
function confirmStop(draft: Draft, index: number): void {
  if (draft.run.status !== 'cancelling') {
    const id = taskId(draft, index);
    return lose(draft, index, {
      code: 'ATTEMPT_LOST',
      message: `the worker of task ${id} was stopped`,
      taskId: id,
    });
  }
  draft.endAttempt(index, 'cancelled');
  endCancelled(draft, index);
}

function handBack(draft: Draft, index: number): void {
  const failure = {
    code: 'ATTEMPT_LOST',
    message: 'the executor drained and handed the attempt back',
  };
  draft.endAttempt(index, 'lost', failure);
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  draft.setTask(index, { attempts: draft.task(index).attempts - 1 }); // H1
  makeReady(draft, index);
}

function cancelWaiting(draft: Draft, index: number): void {
  if (draft.task(index).status === 'ready') draft.endAttempt(index, 'cancelled');
  endCancelled(draft, index);
}

function endCancelled(draft: Draft, index: number): void {
  draft.setTask(index, { ...ended(draft), status: cancelledStatus(draft) });
}

function cancelledStatus(draft: Draft): 'cancelled' | 'timed_out' {
  return draft.run.cancel?.cause === 'timeout' ? 'timed_out' : 'cancelled';
}

function ended(draft: Draft): Pick<TaskState, 'endedAt' | 'deadlineAt' | 'nextAttemptAt'> {
  return { endedAt: draft.world.now, deadlineAt: undefined, nextAttemptAt: undefined };
}

/** E2: a run ends when each of its tasks has ended. */
function endRunIfDone(draft: Draft): void {
  let firstFailure: Failure | undefined;
  let isSuccess = true;
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    if (!isTaskEnded(task.status)) return;
    if (task.status === 'succeeded') continue;
    isSuccess = false;
    if (task.status !== 'upstream_failed') firstFailure ??= task.failure;
  }
  const endedAt = draft.world.now;
  const { cancel } = draft.run;
  if (isSuccess) draft.setRun({ status: 'succeeded', endedAt });
  else if (cancel !== undefined)
    draft.setRun({ status: cancelledStatus(draft), endedAt, failure: cancelFailure(cancel) });
  else draft.setRun({ status: 'failed', endedAt, ...(firstFailure && { failure: firstFailure }) });
}

function cancelFailure(cancel: Cancel): Failure {
  const code = cancel.cause === 'timeout' ? 'RUN_TIMEOUT' : 'RUN_CANCELLED';
  return { code, message: cancel.reason };
}

function refuseUnless(
  draft: Draft,
  input: Named,
  status: TaskState['status'],
): Refusal | undefined {
  if (draft.graph.tasks[input.task] === undefined) return 'unknown_task';
  const task = draft.task(input.task);
  if (task.epoch !== input.epoch) return 'stale_epoch';
  if (task.status !== status) return status === 'ready' ? 'not_ready' : 'not_running';
  return undefined;
}

function policyOf(draft: Draft, index: number) {
  return draft.graph.tasks[index]!.policy;
}

function taskId(draft: Draft, index: number): string {
  return draft.graph.tasks[index]!.id;
}
