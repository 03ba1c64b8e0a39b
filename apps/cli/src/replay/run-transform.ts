import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { RUNNERS, type TaskContext, type TaskInput } from '@floe/tasks/run';
import type { Task } from '@floe/workflow';

export type Parameters = Readonly<Record<string, ParameterValue>>;

export type TransformRun = {
  readonly inputs: readonly TaskInput[];
  /** The Arrow IPC file to write. */
  readonly output: string;
  readonly parameters: Parameters;
  readonly runId: string;
};

/** Runs a transform in this process, as a worker would. It reaches nothing but its files. */
export async function runTransform(task: Task, run: TransformRun): Promise<void> {
  const runner = RUNNERS[task.type];
  if (runner === undefined) throw new FloeError('NOT_IMPLEMENTED', `no tasks of type ${task.type}`);
  const context: TaskContext = {
    runId: run.runId,
    taskId: task.id,
    attempt: 1,
    epoch: 1,
    config: task.config,
    params: run.parameters,
    inputs: run.inputs,
    outputPath: run.output,
    signal: new AbortController().signal,
    masked: new Set(),
    connection: () =>
      Promise.reject(new FloeError('ARGUMENT_INVALID', 'a replay opens no connection')),
    log: () => {},
    progress: () => {},
    artifact: () => {},
    record: () =>
      Promise.reject(new FloeError('ARGUMENT_INVALID', 'a replay has nobody who keeps records')),
    span: (_name, _attributes, body) => body(undefined),
  };
  await runner(context);
}
