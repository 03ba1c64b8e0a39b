import type { ColumnLineage, InputDemand, Schema } from '@floe/expression';
import type { z } from 'zod';
import type { ParameterSpec } from './workflow.ts';

/** What a connection leads to: a PostgreSQL database, or an HTTP API. */
export type ConnectionKind = 'postgres' | 'http';

/** What is wrong with a configuration, and what to do about it. */
export type Mendable = { readonly message: string; readonly hint: string };

/** What is known of a task's surroundings before any run. */
export type SchemaContext<Config> = {
  readonly config: Config;
  /** By upstream task in the order of `inputs`; undefined where the columns are not known. */
  readonly inputs: ReadonlyMap<string, Schema | undefined>;
  readonly params: Readonly<Record<string, ParameterSpec>>;
  /** What the task's database says of its query or table; undefined where nobody could ask. */
  readonly described: Schema | undefined;
};

/**
 * Where the plan of a task can stand in a plan that is made of several. `last`: it may fail on account of its rows, so that
 * it is carried out whole.
 */
export type FusionPlace = 'nowhere' | 'last' | 'anywhere';

/** What a task is to those around it. */
export type TaskTraits = {
  readonly produces: 'dataset' | 'nothing';
  /** `slot`: needs a warm worker process. `light`: waits more than it works, many at once within the executor. */
  readonly lane: 'slot' | 'light';
  /**
   * What it has to do with the world outside Floe. `untouched`: what it makes follows from its text and its inputs alone.
   * `read`: also from what it finds outside, or from the time. `changed`: it has effects, so it is never repeated unasked.
   */
  readonly outside: 'untouched' | 'read' | 'changed';
};

/**
 * A type of task as the document knows it: its fields and its rules, without the code that runs it.
 * `config` is a strict object; every field of it has a description, which editors show.
 */
export type TaskDefinition<Config extends z.ZodObject = z.ZodObject> = TaskTraits & {
  readonly type: string;
  readonly description: string;
  readonly config: Config;
  /** How many datasets it reads. */
  readonly inputs: { readonly min: number; readonly max: number };
  /** Of a task of this configuration, where its fields change what holds for the type; asked of any configuration. */
  traits?(config: z.output<Config>): Partial<TaskTraits>;
  /**
   * Its effect is one commit under the ledger in the database of its only connection: it happens once, and can be ruled
   * out from elsewhere.
   */
  readonly commitsOnce?: boolean;
  /** Whether its Polars plan can be one with those of the tasks around it. Without this rule it has none. */
  fusion?(task: {
    readonly config: z.output<Config>;
    readonly inputs: readonly string[];
  }): FusionPlace;
  /** Raised when the same text begins to make other rows: results that earlier versions made are not used for it. */
  readonly resultVersion?: number;
  /** Who carries it out, where that is no executor. */
  readonly performer?: 'person' | 'workflow';
  /** False: it cannot go through items. */
  readonly takesItems?: boolean;
  /** How long it may take where the document does not say; absent: what holds for most. */
  readonly defaultTimeoutMs?: number;
  /** Fields whose text may hold `${{ params.name }}`. */
  readonly textFields: readonly string[];
  /**
   * The configuration as it is stored and run, where that differs from what people write: durations as milliseconds.
   * Such a type's other rules do not look at the configuration.
   */
  normalise?(config: z.output<Config>): Readonly<Record<string, unknown>>;
  /** Names of the connections that a task of this configuration opens. */
  connections(config: z.output<Config>): readonly string[];
  /**
   * The columns of the task's dataset, or undefined when they are not known (or there is no dataset). Throws a
   * FloeError with violations whose fields are those of `config` and whose places count within the field's text.
   */
  outputSchema(context: SchemaContext<z.output<Config>>): Schema | undefined;
  /**
   * Where each column of the dataset comes from among those of the inputs; undefined when an input's columns are not
   * known. Asked only of tasks in which `outputSchema` found nothing wrong. A type without this rule is taken to make
   * anything of all that it reads.
   */
  lineage?(context: SchemaContext<z.output<Config>>): ColumnLineage | undefined;
  /**
   * What it wants of each input; asked as `lineage` is. Columns and rows that no task wants need not be brought in. A
   * type without this rule wants everything.
   */
  demand?(context: SchemaContext<z.output<Config>>): ReadonlyMap<string, InputDemand> | undefined;
  /** Whether the task can bring in less than its configuration says; see `PushDown`. */
  takesPushDown?(config: z.output<Config>): boolean;
  /**
   * Why several attempts cannot each make a part of its dataset from a part of its source; undefined when they can. A
   * type without this rule cannot.
   */
  whyNoPartitions?(config: z.output<Config>): Mendable | undefined;
  /**
   * Why its dataset cannot be made part by part from the parts of its input; undefined when it can. Asked as `lineage`
   * is. A type without this rule needs all parts.
   */
  whyWhole?(context: SchemaContext<z.output<Config>>): string | undefined;
  /** What it does, step by step, for people. Asked as `lineage` is. */
  explain?(context: SchemaContext<z.output<Config>>): readonly string[];
  /** For lineage: the file that a task with a dataset reads, or one without a dataset writes. */
  file?(config: z.output<Config>): string;
  /** For lineage: the address that a task with a dataset reads; it counts from the connection's where there is one. */
  address?(config: z.output<Config>): string;
  /** What the connections are that it opens; databases when absent. */
  readonly opens?: ConnectionKind;
};

export type TaskTypeRegistry = ReadonlyMap<string, TaskDefinition>;

/** What a task of this configuration is to those around it. */
export function traitsOf(
  definition: TaskTraits & Pick<TaskDefinition, 'traits'>,
  config: Readonly<Record<string, unknown>>,
): TaskTraits {
  const { produces, lane, outside } = definition;
  return { produces, lane, outside, ...definition.traits?.(config) };
}

type TypedTask = { readonly type: string; readonly config: Readonly<Record<string, unknown>> };

/** Whether a task leaves no dataset; false where its type is not known. */
export function makesNothing(taskTypes: TaskTypeRegistry, { type, config }: TypedTask): boolean {
  const definition = taskTypes.get(type);
  return definition !== undefined && traitsOf(definition, config).produces === 'nothing';
}
