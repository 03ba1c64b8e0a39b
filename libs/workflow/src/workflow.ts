import type { ParameterValue, Schema } from '@floe/expression';
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
};

/** Which ends of its upstream tasks let a task begin. */
export const TRIGGERS = ['all_succeeded', 'all_done', 'one_failed', 'one_succeeded'] as const;

export type Trigger = (typeof TRIGGERS)[number];

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
  readonly pool: string;
  /** 0 to 9; higher goes first within its pool. */
  readonly priority: number;
  /** Resident memory above which the worker is stopped; absent: the executor's own limit. */
  readonly memoryBytes?: number;
  readonly trigger: Trigger;
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
  /** When it runs by itself; absent when it does not. */
  readonly schedules?: readonly Schedule[];
};
