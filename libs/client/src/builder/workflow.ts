/** Writes documents of Floe in TypeScript, with columns that the compiler knows. */
import type { Columns } from './column-types.ts';
import type {
  Fields,
  ScheduleOptions,
  TaskOptions,
  WorkflowDocument,
  WorkflowOptions,
} from './document-types.ts';
import { Frame } from './frame.ts';
import { splitHttp, type HttpOptions, type HttpRowsOptions } from './http-task.ts';
import { Parameter, type ParameterType, type Sql } from './parameter.ts';

type ParameterOptions = {
  readonly default?: string | number | boolean;
  readonly required?: boolean;
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean)[];
};

/** A task that gives rows: a frame that other tasks go on with. */
export class RowsTask<Of extends Columns> extends Frame<Of> {
  readonly id: string;

  constructor(id: string, columns: Of) {
    super(id, columns, new Set([id]));
    this.id = id;
  }
}

/** A task that only does something. */
export type DoneTask = { readonly id: string };

/** What an extract reads, and the columns that it gives. */
export type ExtractOptions<Of extends Columns> = TaskOptions & {
  readonly connection: string;
  /** What the query gives. Floe holds the database to it when the workflow is applied. */
  readonly columns: Of;
  readonly query: Sql;
};

type LoadOptions<Of extends Columns> = TaskOptions & {
  readonly connection: string;
  /** Like `analytics.late_flights`. */
  readonly table: string;
  /** Makes the table if there is none. */
  readonly create?: boolean;
} & (
    | { readonly mode: 'upsert'; readonly key: readonly (keyof Of & string)[] }
    | { readonly mode: 'append' | 'replace' | 'truncate'; readonly key?: undefined }
  );

/** Starts a workflow; its tasks are added one by one, each after those that it goes on with. */
export function workflow(name: string, options: WorkflowOptions = {}): WorkflowBuilder {
  return new WorkflowBuilder(name, options);
}

/** Builds a document task by task; types of columns go along. */
export class WorkflowBuilder {
  readonly #name: string;
  readonly #options: WorkflowOptions;
  readonly #params = new Map<string, Fields>();
  readonly #tasks = new Map<string, Fields>();
  readonly #schedules: ScheduleOptions[] = [];

  constructor(name: string, options: WorkflowOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** Declares a value that a run may be given. */
  parameter<const Type extends ParameterType>(
    name: string,
    type: Type,
    options: ParameterOptions = {},
  ): Parameter<Type> {
    addNew(this.#params, name, { type, ...options }, 'parameter');
    return new Parameter(name, type);
  }

  /** Reads the rows of a query. */
  extract<const Of extends Columns>(id: string, options: ExtractOptions<Of>): RowsTask<Of> {
    const { columns, query, connection, ...rest } = options;
    this.#add(id, rest, {
      type: 'postgres_extract',
      connection,
      query: query.text,
      contract: columns,
    });
    return new RowsTask(id, columns);
  }

  /** Makes rows of those of other tasks. */
  transform<Of extends Columns>(
    id: string,
    frame: Frame<Of>,
    options: TaskOptions = {},
  ): RowsTask<Of> {
    this.#add(id, options, {
      type: 'expression_transform',
      inputs: [...frame.sources],
      polars: frame.text,
    });
    return new RowsTask(id, frame.columns);
  }

  /** Writes the rows of a task into a table. */
  load<Of extends Columns>(id: string, rows: RowsTask<Of>, options: LoadOptions<Of>): DoneTask {
    const { connection, table, mode, key, create, ...rest } = options;
    const fields = {
      type: 'postgres_load',
      inputs: [rows.id],
      connection,
      table,
      mode,
      key,
      create,
    };
    this.#add(id, rest, fields);
    return { id };
  }

  /** Sends a request to an HTTP server; its answer is not kept. */
  http(id: string, options: HttpOptions): DoneTask {
    this.#addHttp(id, options);
    return { id };
  }

  /** Reads rows from an HTTP server. Floe holds the answer to the columns. */
  httpRows<const Of extends Columns>(id: string, options: HttpRowsOptions<Of>): RowsTask<Of> {
    const { columns, ...rest } = options;
    const list = Object.entries(columns).map(([name, type]) => ({ [name]: type }));
    this.#addHttp(id, { ...rest, columns: list });
    return new RowsTask(id, columns);
  }

  /** A task of any type, as the document writes it. */
  task(
    id: string,
    fields: Fields & { readonly type: string },
    options: TaskOptions = {},
  ): DoneTask {
    this.#add(id, options, fields);
    return { id };
  }

  schedule(options: ScheduleOptions): this {
    this.#schedules.push(options);
    return this;
  }

  toDocument(): WorkflowDocument {
    const params = Object.fromEntries(this.#params);
    const fields = {
      name: this.#name,
      ...this.#options,
      ...(this.#params.size > 0 && { params }),
      tasks: Object.fromEntries(this.#tasks),
      ...(this.#schedules.length > 0 && { schedules: this.#schedules }),
    };
    // Fields that were left out as undefined go with this, too.
    return JSON.parse(JSON.stringify(fields)) as WorkflowDocument;
  }

  /** The text to apply. */
  toString(): string {
    return `${JSON.stringify(this.toDocument(), undefined, 2)}\n`;
  }

  #addHttp(id: string, options: HttpOptions & { readonly columns?: Fields[] }): void {
    const [own, shared] = splitHttp(options);
    this.#add(id, shared, { type: 'http', ...own });
  }

  #add(id: string, { needs, ...options }: TaskOptions, fields: Fields): void {
    const order = needs === undefined ? {} : { needs: needs.map((task) => task.id) };
    addNew(this.#tasks, id, { ...fields, ...order, ...options } as Fields, 'task');
  }
}

function addNew(all: Map<string, Fields>, name: string, fields: Fields, what: string): void {
  if (all.has(name)) throw new TypeError(`there is a ${what} ${name} already`);
  all.set(name, fields);
}
