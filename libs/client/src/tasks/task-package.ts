/**
 * What a package of task types exports as `tasks`. Nothing of Floe has to be imported for it: a plain object will do, and
 * `defineTask` only lets the compiler know the fields.
 */

/** Names of columns with their types as in Polars, in their order: `{ id: 'Int64', at: "Datetime('us')" }`. */
export type ColumnTypes = Readonly<Record<string, string>>;

/**
 * A row by the names of its columns, as JSON has it: instants, dates and decimals are texts. Whole numbers that a JavaScript
 * number cannot hold are bigints.
 */
export type TaskRow = Readonly<Record<string, unknown>>;

/** A field of a task in the document. Texts may hold `${{ params.name }}`, and are filled when the task runs. */
export type TaskField = {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'strings';
  /** For people: editors and the error of a wrong document show it. */
  readonly description: string;
  readonly required?: boolean;
  /** Of texts: the only ones that are right. */
  readonly choices?: readonly [string, ...string[]];
  /** Of a text: it names a connection, and leads there. */
  readonly connection?: 'postgres' | 'http';
};

export type TaskFields = Readonly<Record<string, TaskField>>;

type ValueOf<Field extends TaskField> = {
  readonly string: Field extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly strings: readonly string[];
}[Field['type']];

/** What the document says in the fields; undefined where it says nothing. */
export type FieldValues<Fields extends TaskFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends { readonly required: true }
    ? ValueOf<Fields[Name]>
    : ValueOf<Fields[Name]> | undefined;
};

/** What is known of a task when its workflow is applied. */
export type KnownTask<Fields extends TaskFields> = {
  readonly fields: FieldValues<Fields>;
  /** Columns of its inputs by the names of their tasks; undefined where they are not known. */
  readonly inputs: Readonly<Record<string, ColumnTypes | undefined>>;
};

export type PostgresConnection = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `require` encrypts without asking who answers; `verify-full` checks the certificate; none when absent. */
  readonly sslMode?: 'disable' | 'require' | 'verify-full';
  /** In PEM, and empty where there is none: the authorities of the server, and the certificate that it is shown. */
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string };
};

export type HttpConnection = {
  readonly url: string;
  /** Headers with the secret of the connection. */
  readonly headers: Readonly<Record<string, string>>;
};

/** What one attempt of a task is given. */
export type TaskRun<Fields extends TaskFields = TaskFields> = {
  readonly runId: string;
  readonly taskId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** The same for every attempt of this task of this run: what a server needs to tell a repeated request. */
  readonly requestId: string;
  readonly fields: FieldValues<Fields>;
  /** Values of the run's parameters, as text; null where there is none. */
  readonly params: Readonly<Record<string, string | null>>;
  /** The names of the tasks that it reads, in the order of `inputs`. */
  readonly inputs: readonly string[];
  /** The rows of an input, of the only one when no name is given. They are read as they are asked for. */
  rows(input?: string): AsyncIterable<TaskRow>;
  /** A database or an API that the document names, with its secret. Log neither. */
  postgres(name: string): Promise<PostgresConnection>;
  http(name: string): Promise<HttpConnection>;
  /** Aborted when the attempt is cancelled. Its process is ended soon after, whatever it does. */
  readonly signal: AbortSignal;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object): void;
  /** Shown while it runs; `share` is how much is done, 0 to 1. */
  progress(update: {
    readonly rows?: number;
    readonly bytes?: number;
    readonly share?: number;
  }): void;
};

/**
 * A task type.
 *
 * What `run` throws fails the attempt with its message, and is tried again as the document says; an error with
 * `retryable: false` is not.
 */
export type CustomTask<Fields extends TaskFields = TaskFields> = {
  /** Like `acme_geocode`: a-z, 0-9 and _, and none of Floe's own. */
  readonly type: string;
  readonly description: string;
  readonly fields?: Fields;
  /** How many datasets it reads; none when absent. */
  readonly inputs?: { readonly min: number; readonly max: number };
  /**
   * The columns of its dataset. Absent: it makes none, and `run` yields nothing. A rule gives undefined where they follow from
   * inputs that are not known yet; when the task runs they are.
   */
  readonly columns?: ColumnTypes | ((task: KnownTask<Fields>) => ColumnTypes | undefined);
  /**
   * What it has to do with the world. `changed`, when absent: it has effects. `read`: it looks at something outside, or at the
   * clock. `untouched`: its rows follow from its fields and inputs alone, so that a result may be used again.
   */
  readonly outside?: 'untouched' | 'read' | 'changed';
  /** With `columns` it yields the rows of the dataset, one by one; without, it is awaited. */
  run(task: TaskRun<Fields>): AsyncIterable<TaskRow> | Promise<void>;
};

/** Gives back what it is given; the compiler then knows what `fields` holds in `run`. */
export function defineTask<const Fields extends TaskFields>(
  task: CustomTask<Fields>,
): CustomTask<Fields> {
  return task;
}
