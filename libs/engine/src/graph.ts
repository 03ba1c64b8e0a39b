import type { Condition } from '@floe/condition';

/** What never changes during a run: the graph of its version and the policy of each task. Indexes are positions. */
export type RunGraph = { readonly tasks: readonly GraphTask[] };

/** Where an attempt runs: in a warm worker process of its own, or beside many others within the executor. */
export type Lane = 'slot' | 'light';

/** Which ends of its upstream tasks let a task begin. */
export const TRIGGERS = [
  'all_succeeded',
  'all_done',
  'one_failed',
  'one_succeeded',
  'none_failed',
] as const;

export type Trigger = (typeof TRIGGERS)[number];

export type GraphTask = {
  readonly id: string;
  readonly lane: Lane;
  /** Its effect is a commit under the ledger of its target database, which can be ruled out from elsewhere. */
  readonly commitsOnce?: boolean;
  /** Tasks that it waits for. */
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  readonly trigger: Trigger;
  /** Asked once, when the trigger lets the task begin. */
  readonly when?: Condition;
  readonly work: Work;
  readonly policy: TaskPolicy;
  /** The one task that may be carried out by the same attempt, because it only goes on with what this one makes. */
  readonly follower?: number;
};

/** Who carries a task out, and how. */
export type Work =
  /** An executor, in one attempt at a time. */
  | {
      readonly kind: 'attempts';
      /** It makes a dataset and changes nothing outside: it may be done again when the dataset is gone. */
      readonly isRepeatable?: boolean;
    }
  /** Executors, in several attempts at once, each with some of the items. */
  | {
      readonly kind: 'items';
      readonly source: ItemSource;
      /** Items of one attempt; absent: as many as suit their number. */
      readonly chunk?: number;
      /** Attempts at once. */
      readonly parallel: number;
    }
  /** A person. */
  | { readonly kind: 'approval'; readonly onTimeout: 'fail' | 'skip' | 'approve' }
  /** A run of another workflow, and what becomes of it when this task is given up. */
  | { readonly kind: 'workflow'; readonly onClose: 'cancel' | 'abandon' };

export type WorkKind = Work['kind'];

/** What there is an item for. */
export type ItemSource =
  | { readonly from: 'list'; readonly count: number }
  /** The JSON list that a parameter of the run holds. */
  | { readonly from: 'parameter'; readonly name: string }
  /** The rows of an upstream task's dataset. */
  | { readonly from: 'rows'; readonly task: number }
  /** Partitions of one dataset: the task is done when all are, and has failed when one has. */
  | {
      readonly from: 'partitions';
      readonly count: number;
      /** An attempt of its own, the lead, holds what all of them share, like a snapshot. */
      readonly isLed: boolean;
      /** The task of whose parts each takes one. */
      readonly of?: number;
    };

export type TaskPolicy = {
  /** Further attempts after a failure. */
  readonly retriesMax: number;
  readonly retryDelayMs: number;
  /** Each delay is the one before times this. */
  readonly retryBackoff: number;
  readonly retryDelayMsMax: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly retryJitter: number;
  /** Error codes and categories after which another attempt is made; empty for all that may pass by themselves. */
  readonly retryOn: readonly string[];
  /** From ready to claim. */
  readonly queueTimeoutMs: number;
  /** From claim to the worker's word that it has begun; undefined where nobody waits for it. */
  readonly startTimeoutMs?: number;
  /** From claim to end of one attempt; of an approval or a sub-workflow from its begin. */
  readonly timeoutMs: number;
  /** From the first ready to the end, over all attempts. */
  readonly totalTimeoutMs?: number;
};
