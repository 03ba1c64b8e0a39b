/**
 * Which input is looked at in which state, and what each state may become. The types make both complete: a state or an
 * input that is added does not compile before it has its answers here. SPEC.md has the same tables for people.
 */
import type { WorkKind } from './graph.ts';
import type { InputType, Refusal } from './input.ts';
import type { RunStatus, TaskStatus } from './status.ts';

/** `look`: the transition decides, and may still refuse for a reason of its own, like a stale epoch. */
export type Answer = 'look' | Refusal;

type RunAnswers = Readonly<Record<InputType, Answer>>;

const ACTIVE: RunAnswers = {
  start: 'look',
  claim: 'look',
  hand_out: 'look',
  begin: 'look',
  finish: 'look',
  lost: 'look',
  ruled_out: 'look',
  reuse: 'look',
  skip: 'look',
  answer: 'look',
  child_ended: 'look',
  pause: 'look',
  resume: 'not_paused',
  cancel: 'look',
  wake: 'look',
};

const ENDED: RunAnswers = {
  start: 'run_ended',
  claim: 'run_ended',
  hand_out: 'run_ended',
  begin: 'run_ended',
  finish: 'run_ended',
  lost: 'run_ended',
  ruled_out: 'run_ended',
  reuse: 'run_ended',
  skip: 'run_ended',
  answer: 'run_ended',
  child_ended: 'run_ended',
  pause: 'run_ended',
  resume: 'run_ended',
  cancel: 'run_ended',
  wake: 'run_ended',
};

export const RUN_ANSWERS: Readonly<Record<RunStatus, RunAnswers>> = {
  queued: ACTIVE,
  running: { ...ACTIVE, start: 'already_started' },
  paused: { ...ACTIVE, pause: 'paused', resume: 'look' },
  cancelling: {
    ...ACTIVE,
    start: 'cancelling',
    hand_out: 'cancelling',
    reuse: 'cancelling',
    skip: 'cancelling',
    pause: 'cancelling',
    resume: 'cancelling',
  },
  succeeded: ENDED,
  failed: ENDED,
  cancelled: ENDED,
  timed_out: ENDED,
};

/** Inputs that name a task. */
export type TaskInputType =
  | 'claim'
  | 'hand_out'
  | 'begin'
  | 'finish'
  | 'lost'
  | 'ruled_out'
  | 'reuse'
  | 'skip'
  | 'answer'
  | 'child_ended';

type TaskAnswers = Readonly<Record<TaskInputType, Answer>>;

const NOTHING: TaskAnswers = {
  claim: 'not_ready',
  hand_out: 'not_running',
  begin: 'not_running',
  finish: 'not_running',
  lost: 'not_running',
  ruled_out: 'not_ready',
  reuse: 'not_ready',
  skip: 'not_ready',
  answer: 'not_running',
  child_ended: 'not_running',
};

const READY: TaskAnswers = {
  ...NOTHING,
  claim: 'look',
  skip: 'look',
  ruled_out: 'look',
  answer: 'other_work',
};

const RUNS_IN_EXECUTOR: TaskAnswers = { ...NOTHING, begin: 'look', finish: 'look', lost: 'look' };

type AnswersByStatus = Readonly<Record<TaskStatus, TaskAnswers>>;

const WAITING_OR_ENDED = {
  pending: NOTHING,
  retrying: NOTHING,
  succeeded: NOTHING,
  failed: NOTHING,
  cancelled: NOTHING,
  timed_out: NOTHING,
  skipped: NOTHING,
  upstream_failed: NOTHING,
} satisfies Partial<AnswersByStatus>;

export const TASK_ANSWERS: Readonly<Record<WorkKind, AnswersByStatus>> = {
  attempts: {
    ...WAITING_OR_ENDED,
    ready: { ...READY, reuse: 'look' },
    running: { ...RUNS_IN_EXECUTOR, answer: 'other_work' },
  },
  items: {
    ...WAITING_OR_ENDED,
    ready: READY,
    // The next chunk is offered while others run.
    running: { ...RUNS_IN_EXECUTOR, claim: 'look', hand_out: 'look', answer: 'other_work' },
  },
  approval: {
    ...WAITING_OR_ENDED,
    ready: NOTHING,
    running: { ...NOTHING, finish: 'other_work', answer: 'look' },
  },
  workflow: {
    ...WAITING_OR_ENDED,
    ready: NOTHING,
    running: { ...NOTHING, finish: 'other_work', answer: 'other_work', child_ended: 'look' },
  },
};

const RUN_ENDS: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled', 'timed_out'];

export const RUN_MAY_BECOME: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'paused', 'cancelling', 'succeeded', 'failed'],
  running: ['paused', 'cancelling', 'succeeded', 'failed'],
  paused: ['queued', 'running', 'cancelling', 'succeeded', 'failed'],
  cancelling: RUN_ENDS,
  succeeded: [],
  failed: [],
  cancelled: [],
  timed_out: [],
};

const STOPPED: readonly TaskStatus[] = ['cancelled', 'timed_out'];
const CONCLUDED: readonly TaskStatus[] = ['upstream_failed', ...STOPPED];

export const TASK_MAY_BECOME: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  // Directly running: an approval and a sub-workflow need no executor. Directly ended: items that there are none of.
  pending: ['ready', 'running', 'succeeded', 'failed', 'skipped', 'upstream_failed', ...STOPPED],
  ready: ['running', 'succeeded', 'skipped', 'failed', ...CONCLUDED],
  // Pending again: what it reads is being made again. Where that failed, a load may have to be ruled out first.
  running: ['pending', 'ready', 'retrying', 'succeeded', 'failed', 'skipped', ...CONCLUDED],
  // Directly ended: what kept it from ending could not be ruled out in time.
  retrying: ['ready', 'running', 'failed', 'skipped', ...CONCLUDED],
  succeeded: [],
  failed: [],
  cancelled: [],
  timed_out: [],
  skipped: [],
  upstream_failed: [],
};
