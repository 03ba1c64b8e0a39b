import type { Condition } from '@floe/condition';
import type { ParameterValue, Schema } from '@floe/expression';
import type { NoticeRule } from '@floe/notification';
import type { Schedule } from '@floe/schedule';

export const PARAMETER_TYPES = [
  'string',
  'integer',
  'float',
  'boolean',
  'date',
  'datetime',
] as const;

export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** The value of a parameter that has one. */
export type PresentValue = Exclude<ParameterValue, { kind: 'null' }>;

/** A parameter that a run may be given. */
export type ParameterSpec = {
  readonly type: ParameterType;
  readonly description: string;
  /** A run must name it. One that is neither required nor has a default is null where a run leaves it out. */
  readonly required: boolean;
  readonly default?: PresentValue;
  /** The only values allowed. */
  readonly enum?: readonly PresentValue[];
};

/**
 * When a failed attempt is tried again: after `delayMs`, then `backoff` times longer each time, at most `maxDelayMs`.
 * `jitter` is the part of the delay that is random: 0 waits exactly that long, 1 anything from nothing up to it.
 */
export type RetryPolicy = {
  /** Attempts after the first. */
  readonly max: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs: number;
  readonly jitter: number;
  /** Error codes and categories after which it is tried again; absent: all that may pass by themselves. */
  readonly on?: readonly string[];
};

/** Which ends of its upstream tasks let a task begin. */
export const TRIGGERS = [
  'all_succeeded',
  'all_done',
  'one_failed',
  'one_succeeded',
  'none_failed',
] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** What an item is called within its task: `${{ params.item }}`. */
export const ITEM_PARAMETER = 'item';

/** What a task goes through, item by item. Within it the item is the parameter `item`. */
export type Foreach = {
  readonly source:
    | { readonly from: 'list'; readonly values: readonly PresentValue[] }
    | { readonly from: 'parameter'; readonly name: string }
    | { readonly from: 'rows'; readonly task: string; readonly column: string };
  readonly type: ParameterType;
  /** Items of one attempt; absent: as many as suit their number. */
  readonly chunk?: number;
  /** Attempts at once. */
  readonly parallel: number;
};

/** Parts of its dataset, each made by an attempt of its own, on any executor of the pool. */
export type Partitions = {
  readonly count: number;
  /**
   * The task whose parts it takes, one to one. Absent for a task that shares its own source; the document says so of
   * such tasks only, and which tasks follow is decided when it is applied.
   */
  readonly of?: string;
};

/** What happens to one that finds all places of its key taken. */
export const CONFLICT_POLICIES = ['queue', 'cancel_previous', 'skip'] as const;

export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** Places that all with the same key share. */
export type Concurrency = {
  /** May hold `${{ params.name }}`. */
  readonly key: string;
  readonly limit: number;
  readonly onConflict: ConflictPolicy;
};

/** When a result of an earlier run may stand for that of a task. */
export type Cache = {
  /** How old it may be; absent: as old as it is there. */
  readonly ttlMs?: number;
  /** What it depends on besides text, parameters and inputs; a text with references to parameters. */
  readonly key?: string;
};

export type Task = {
  readonly id: string;
  readonly type: string;
  readonly description: string;
  /** Tasks whose datasets this one reads, in the order of the document. */
  readonly inputs: readonly string[];
  /** Tasks that must come first without giving data. */
  readonly needs: readonly string[];
  /** The fields of the task type, checked against it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly retries: RetryPolicy;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** How long a ready task may wait for an executor. */
  readonly queueTimeoutMs: number;
  /** How long the worker of an attempt may take to begin; absent: nobody waits for it. */
  readonly startTimeoutMs?: number;
  /** How long an attempt may report no progress. */
  readonly progressTimeoutMs?: number;
  /** How long the task may take over all attempts. */
  readonly totalTimeoutMs?: number;
  readonly pool: string;
  /** What an executor must offer to take it, sorted; absent: nothing besides its pool. */
  readonly labels?: readonly string[];
  /** 0 to 9; higher goes first within its pool. */
  readonly priority: number;
  /** Resident memory above which the worker is stopped; absent: the executor's own limit. */
  readonly memoryBytes?: number;
  readonly trigger: Trigger;
  /** It is skipped when this does not hold; with the text as it stands in the document. */
  readonly when?: { readonly text: string; readonly condition: Condition };
  readonly foreach?: Foreach;
  readonly partitions?: Partitions;
  readonly concurrency?: Concurrency;
  /** Its rows are stored also where the task behind it could go on with them at once. */
  readonly materialize?: boolean;
  readonly cache?: Cache;
  /** The columns that its dataset must have, no more and no fewer, in any order. */
  readonly contract?: Schema;
};

/**
 * A validated document in its normal form: defaults applied, durations in milliseconds, tasks in the order of the
 * document. It is plain JSON, so what is stored reads back as the same value.
 */
export type Workflow = {
  readonly name: string;
  readonly description: string;
  readonly params: Readonly<Record<string, ParameterSpec>>;
  /** How long a run may take in all. */
  readonly timeoutMs: number;
  readonly tasks: readonly Task[];
  /** Columns whose values nobody is shown, wherever they come by. */
  readonly mask?: readonly string[];
  /** How many of its runs may go ahead at once. */
  readonly concurrency?: Concurrency;
  /** When it runs by itself; absent when it does not. */
  readonly schedules?: readonly Schedule[];
  /** Who is told how its runs end; absent when nobody is. */
  readonly notify?: readonly NoticeRule[];
};
