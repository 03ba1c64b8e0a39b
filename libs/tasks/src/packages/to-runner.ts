import type { CustomTask, TaskRow, TaskRun } from '@floe/client/tasks';
import { FloeError, saidOf } from '@floe/errors';
import { credentialHeaders } from '@floe/http';
import type { Config } from '../config-fields.ts';
import { datasetResult } from '../dataset-path.ts';
import { fillText } from '../fill-text.ts';
import type { TaskContext, TaskInput, TaskRunner } from '../runner.ts';
import { columnsOf } from './custom-columns.ts';
import { connectionFieldsOf, textFieldsOf } from './custom-fields.ts';
import { readRows, writeRows } from './task-rows.ts';

/** What runs a task type of a package. Errors: TASK_FAILED and TASK_REFUSED for what its code throws. */
export function toRunner(task: CustomTask): TaskRunner {
  return async (context) => {
    const fields = fieldsOf(task, context);
    const inputs = context.inputs.map(({ taskId, dataset }) => [taskId, dataset.schema] as const);
    const schema = columnsOf(task, { fields, inputs: Object.fromEntries(inputs) });
    const made = await guard(context, () => task.run(toTaskRun(task, context, fields)));
    if (task.columns === undefined) return { rows: 0, bytes: 0 };
    const rows = requireRows(task, made);
    if (schema === undefined) throw unknownColumns(task);
    const facts = await writeRows(context, { task, rows: guarded(context, rows), schema });
    return datasetResult(context, facts);
  };
}

function fieldsOf({ fields = {} }: CustomTask, { config, params }: TaskContext): Config {
  const texts = textFieldsOf(fields).map((name) => [name, filled(config[name], params)] as const);
  return { ...config, ...Object.fromEntries(texts) };
}

function filled(value: unknown, params: TaskContext['params']): unknown {
  if (typeof value === 'string') return fillText(value, params);
  return Array.isArray(value) ? value.map((each) => filled(each, params)) : value;
}

function toTaskRun(task: CustomTask, context: TaskContext, fields: Config): TaskRun {
  const { runId, taskId, attempt, inputs, params, signal } = context;
  const values = Object.entries(params).map(
    ([name, value]) => [name, value.kind === 'null' ? null : value.value] as const,
  );
  return {
    runId,
    taskId,
    attempt,
    requestId: `${runId}/${taskId}`,
    fields: fields as TaskRun['fields'],
    params: Object.fromEntries(values),
    inputs: inputs.map((input) => input.taskId),
    rows: (name) => readRows(context, inputNamed(inputs, name)),
    async postgres(name) {
      requireNamed(task, fields, name);
      return context.connection(name);
    },
    async http(name) {
      requireNamed(task, fields, name);
      const endpoint = await context.endpoint(name);
      return { url: endpoint.baseUrl, headers: credentialHeaders(endpoint) };
    },
    signal,
    log: (level, message, more) => context.log(level, message, { ...more }),
    progress: (update) => context.progress(update),
  };
}

/** What the document names is known to everybody, and checked when it is applied; a package opens nothing besides. */
function requireNamed(
  { type, fields: known = {} }: CustomTask,
  fields: Config,
  name: string,
): void {
  if (connectionFieldsOf(known).some((field) => fields[field] === name)) return;
  const message = `${type} asks for the connection "${name}", which no field of the task names`;
  throw new FloeError('TASK_REFUSED', message, {
    details: { type, connection: name },
    hint: "Give the type a field with `connection: 'postgres'` or `'http'`, and name it there.",
  });
}

function inputNamed(inputs: readonly TaskInput[], name: string | undefined): TaskInput {
  const input = inputs.find(({ taskId }) => taskId === (name ?? inputs[0]?.taskId));
  const isSaid = name !== undefined || inputs.length === 1;
  if (input !== undefined && isSaid) return input;
  const names = inputs.map(({ taskId }) => taskId).join(', ') || 'none';
  const asked = name === undefined ? 'an input without its name' : `the input ${name}`;
  throw new Error(`the task asks for ${asked}; its inputs are: ${names}`);
}

function requireRows(task: CustomTask, made: unknown): AsyncIterable<TaskRow> {
  if (typeof made === 'object' && made !== null && Symbol.asyncIterator in made)
    return made as AsyncIterable<TaskRow>;
  throw new FloeError(
    'TASK_REFUSED',
    `${task.type} names columns, and its \`run\` yields no rows`,
    {
      hint: 'Write `async *run(task) { yield row; }` in the package.',
    },
  );
}

function unknownColumns({ type }: CustomTask): FloeError {
  const message = `${type} does not say which columns it makes, though those of its inputs are known`;
  return new FloeError('TASK_REFUSED', message, {
    hint: 'Let `columns` in the package give names and types.',
  });
}

async function* guarded(context: TaskContext, rows: AsyncIterable<TaskRow>) {
  try {
    yield* rows;
  } catch (thrown) {
    throw toError(context, thrown);
  }
}

async function guard(context: TaskContext, body: () => unknown): Promise<unknown> {
  try {
    return await body();
  } catch (thrown) {
    throw toError(context, thrown);
  }
}

function toError({ signal }: TaskContext, thrown: unknown): FloeError {
  if (thrown instanceof FloeError) return thrown;
  const message = saidOf(thrown);
  if (signal.aborted) return new FloeError('CANCELLED', message, { cause: thrown });
  const isFinal =
    typeof thrown === 'object' && thrown !== null && Reflect.get(thrown, 'retryable') === false;
  return new FloeError(isFinal ? 'TASK_REFUSED' : 'TASK_FAILED', message, { cause: thrown });
}
