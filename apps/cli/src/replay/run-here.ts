import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { RUNNERS, type TaskArtifact, type TaskContext, type TaskInput } from '@floe/tasks/run';
import type { Task } from '@floe/workflow';

export type Parameters = Readonly<Record<string, ParameterValue>>;

export type RunHere = {
  readonly inputs: readonly TaskInput[];
  /** The Arrow IPC file to write. */
  readonly output: string;
  readonly parameters: Parameters;
  readonly runId: string;
  /** The folder in which files may be read. */
  readonly filesDir: string;
};

/** Runs a task in this process, as a worker would, and answers what it left for people. It opens no connection. */
export async function runHere(task: Task, run: RunHere): Promise<readonly TaskArtifact[]> {
  const runner = RUNNERS[task.type];
  if (runner === undefined) throw new FloeError('NOT_IMPLEMENTED', `no tasks of type ${task.type}`);
  const artifacts: TaskArtifact[] = [];
  const context: TaskContext = {
    runId: run.runId,
    taskId: task.id,
    attempt: 1,
    epoch: 1,
    config: task.config,
    params: run.parameters,
    inputs: run.inputs,
    outputPath: run.output,
    filesDir: run.filesDir,
    signal: new AbortController().signal,
    masked: new Set(),
    connection: () =>
      Promise.reject(new FloeError('ARGUMENT_INVALID', 'a replay opens no connection')),
    endpoint: () =>
      Promise.reject(new FloeError('ARGUMENT_INVALID', 'a replay opens no connection')),
    httpHosts: [],
    log: () => {},
    progress: () => {},
    artifact: (artifact) => void artifacts.push(artifact),
    record: () =>
      Promise.reject(new FloeError('ARGUMENT_INVALID', 'a replay has nobody who keeps records')),
    span: (_name, _attributes, body) => body(undefined, () => {}),
  };
  try {
    await runner(context);
  } catch (thrown) {
    // That rules are broken is what a check finds, and it is among the artifacts.
    if (!(thrown instanceof FloeError) || thrown.code !== 'CHECK_FAILED') throw thrown;
  }
  return artifacts;
}
