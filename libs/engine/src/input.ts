import type { AttemptEnd, CancelCause, RunState } from './state.ts';
import type { Failure } from './failure.ts';
import type { EpochMs } from './epoch-ms.ts';
import type { RunStatus, TaskStatus } from './status.ts';

type Attempt = { readonly task: number; readonly epoch: number };

/** What can happen to a run. Every input names what it is about; nothing is implied by who sends it. */
export type Input =
  | { readonly type: 'start' }
  /**
   * `since`: it was carried out by the attempt of another task, which began then (O2). `prefers`: partitions that whoever
   * claims would rather have than the one that is offered (N6).
   */
  | ({
      readonly type: 'claim';
      readonly since?: EpochMs;
      readonly prefers?: readonly number[];
    } & Attempt)
  /** The lead of partitions holds what they share, and says how each gets at it. */
  | ({ readonly type: 'hand_out'; readonly handout: string } & Attempt)
  /** The worker of a claimed attempt has begun. */
  | ({ readonly type: 'begin' } & Attempt)
  | ({ readonly type: 'finish'; readonly outcome: Outcome } & Attempt)
  | ({ readonly type: 'lost'; readonly reason: string } & Attempt)
  /** Nobody has claimed the attempt that is to rule out a load: somebody else has, or has found that it took effect. */
  | ({ readonly type: 'ruled_out'; readonly isVoid: boolean; readonly rows?: number } & Attempt)
  /** What a ready task would make is known already. */
  | ({ readonly type: 'reuse'; readonly rows?: number } & Attempt)
  /** A ready task is not wanted: another one holds the place that it asked for. */
  | ({ readonly type: 'skip'; readonly reason: string } & Attempt)
  /** A person has answered an approval. */
  | { readonly type: 'answer'; readonly task: number; readonly answer: ApprovalAnswer }
  | ({ readonly type: 'child_ended'; readonly child: ChildEnd } & Attempt)
  | { readonly type: 'pause' | 'resume' | 'wake' }
  | {
      readonly type: 'cancel';
      readonly reason: string;
      readonly cause?: CancelCause;
      /** How long running attempts may go on; without it they are stopped now. */
      readonly graceMs?: number;
    };

export type InputType = Input['type'];

/** How an executor says that an attempt ended. */
export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly rows?: number;
      /** There are rows, and nobody has counted them. */
      readonly hasUncountedRows?: boolean;
      /** Of an attempt with items, those that failed. */
      readonly failedItems?: readonly FailedItem[];
      /** Of an attempt that was to rule out a load: it has. Without it the load had taken effect before. */
      readonly isVoid?: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryable: boolean }
  | { readonly kind: 'timed_out'; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'handed_back' };

export type FailedItem = {
  readonly index: number;
  readonly failure: Failure;
  readonly retryable: boolean;
};

export type ApprovalAnswer = {
  readonly approved: boolean;
  /** Who answered, for people. */
  readonly by: string;
  readonly comment: string;
};

/** How the run that a task stands for ended, or why there is none. */
export type ChildEnd = {
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  readonly failure?: Failure;
};

/** What the world supplies: the engine reads no clock and rolls no dice. */
export type World = {
  readonly now: number;
  /** Uniform in [0, 1): the jitter of retry delays. */
  readonly random: number;
};

/** Why an input changed nothing. Ordinary: messages come late and twice. */
export type Refusal =
  | 'run_ended'
  | 'already_started'
  | 'cancelling'
  | 'paused'
  | 'not_paused'
  | 'stale_epoch'
  | 'not_ready'
  | 'not_running'
  | 'unknown_task'
  /** A wake before anything is due. */
  | 'not_due'
  /** The task is carried out by somebody else: a person, an executor, another run. */
  | 'other_work';

/** What the scheduler must do once the change is stored. */
export type Command =
  /** Announce an attempt to executors. */
  | ({ readonly type: 'dispatch'; readonly number: number } & Attempt)
  /** The attempt is held; with the items that it is for, as ranges. */
  | ({ readonly type: 'attempt_claimed'; readonly items?: string } & Attempt)
  | ({
      readonly type: 'attempt_ended';
      readonly end: AttemptEnd;
      readonly failure?: Failure;
    } & Attempt)
  /** Tell the executor that holds the attempt to kill its worker. */
  | ({ readonly type: 'stop_attempt' } & Attempt)
  /** Ask people; without an answer the engine acts at the deadline. */
  | ({ readonly type: 'ask_approval'; readonly deadlineAt: EpochMs } & Attempt)
  /** Start the run that the task stands for, and say when it has ended. */
  | ({ readonly type: 'start_child' } & Attempt)
  | ({ readonly type: 'cancel_child'; readonly reason: string } & Attempt)
  /**
   * What the task made is gone: its result counts no longer, and it waits to be done again. Parts that are still there
   * count on, as its state says.
   */
  | { readonly type: 'task_recalled'; readonly task: number; readonly isKeptInPart?: boolean }
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
