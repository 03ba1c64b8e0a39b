/** The document as programs write it. What is not here, `raw` fields may say: the JSON Schema of the document is the whole. */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Fields = Readonly<Record<string, Json | undefined>>;

/** A length of time, like `30s` or `1h30m`. */
export type Duration = string;

export type Retries = {
  readonly max?: number;
  readonly delay?: Duration;
  readonly backoff?: number;
  readonly max_delay?: Duration;
  readonly jitter?: number;
  readonly on?: readonly string[];
};

/** What every task may say. */
export type TaskOptions = {
  readonly description?: string;
  /** Tasks that must succeed first, without data. */
  readonly needs?: readonly { readonly id: string }[];
  readonly retries?: Retries;
  readonly timeout?: Duration;
  readonly pool?: string;
  readonly priority?: number;
  readonly memory?: string;
  readonly when?: string;
  readonly trigger?: 'all_succeeded' | 'all_done' | 'one_failed' | 'one_succeeded' | 'none_failed';
  readonly materialize?: boolean;
  readonly cache?: boolean | Duration;
};

/** When a workflow runs by itself. */
export type ScheduleOptions = {
  readonly name?: string;
  readonly cron?: string;
  readonly every?: Duration;
  readonly timezone?: string;
  readonly overlap?: 'skip' | 'queue' | 'cancel_previous' | 'allow';
  /** Or `none`, which is the default. */
  readonly catchup?: Duration;
  readonly paused?: boolean;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
};

/** What a workflow has besides its tasks. */
export type WorkflowOptions = {
  readonly description?: string;
  readonly timeout?: Duration;
  readonly defaults?: Omit<TaskOptions, 'description' | 'needs' | 'when' | 'trigger' | 'cache'>;
  /** Columns whose values nobody is shown. */
  readonly mask?: readonly string[];
};

/** A document: apply its JSON text, which is YAML, too. */
export type WorkflowDocument = {
  readonly name: string;
  readonly tasks: Readonly<Record<string, Fields>>;
} & Fields;
