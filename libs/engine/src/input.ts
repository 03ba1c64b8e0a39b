import type { AttemptEnd, Failure, RunState } from './state.ts';
import type { RunStatus, TaskStatus } from './status.ts';

/** What can happen to a run. Every input names what it is about; nothing is implied by who sends it. */
export type Input =
  | { readonly type: 'start' }
  | { readonly type: 'claim'; readonly task: number; readonly epoch: number }
  | {
      readonly type: 'finish';
      readonly task: number;
      readonly epoch: number;
      readonly outcome: Outcome;
    }
  | {
      readonly type: 'lost';
      readonly task: number;
      readonly epoch: number;
      readonly reason: string;
    }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'wake' };

/** How an executor says that an attempt ended. */
export type Outcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryable: boolean }
  | { readonly kind: 'timed_out'; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'handed_back' };

/** What the world supplies: the engine reads no clock and rolls no dice. */
export type World = {
  readonly now: number;
  /** Uniform in [0, 1): the jitter of retry delays. */
  readonly random: number;
};

/** Why an input changed nothing. Ordinary: messages come late and twice. */
export type Refusal =
  | 'run_ended'
  | 'cancelling'
  | 'stale_epoch'
  | 'not_ready'
  | 'not_running'
  /** A wake before anything is due. */
  | 'not_due'
  | 'unknown_task';

/** What the scheduler must do once the change is stored. */
export type Command =
  /** Announce an attempt to executors. */
  | {
      readonly type: 'dispatch';
      readonly task: number;
      readonly epoch: number;
      readonly number: number;
    }
  | { readonly type: 'attempt_claimed'; readonly task: number; readonly epoch: number }
  | {
      readonly type: 'attempt_ended';
      readonly task: number;
      readonly epoch: number;
      readonly end: AttemptEnd;
      readonly failure?: Failure;
    }
  /** Tell the executor that holds the attempt to kill its worker. */
  | { readonly type: 'stop_attempt'; readonly task: number; readonly epoch: number }
  /** Something that subscribers hear of. */
  | { readonly type: 'task_event'; readonly task: number; readonly event: TaskStatus }
  | { readonly type: 'run_event'; readonly event: RunStatus };

/** What became of one input. */
export type Applied =
  | { readonly kind: 'changed'; readonly commands: readonly Command[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The same, with the state that results and the tasks of which something is to be stored. */
export type Decision =
  | {
      readonly kind: 'changed';
      readonly state: RunState;
      readonly tasks: readonly number[];
      readonly commands: readonly Command[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
