import { join } from 'node:path';
import type { TargetAddress } from '@floe/database';
import type { TaskArtifact, TaskContext, TaskInput, TaskRecord } from '../src/runner.ts';

/** What an attempt gets, with everything that is not given filled in and all reports kept. */
export type TestContext = TaskContext & {
  readonly logs: { level: string; message: string; fields?: unknown }[];
  readonly artifacts: TaskArtifact[];
  readonly records: TaskRecord[];
  readonly updates: Parameters<TaskContext['progress']>[0][];
};

type Given = Partial<Pick<TaskContext, 'taskId' | 'epoch' | 'runId' | 'params' | 'signal'>> & {
  readonly config: TaskContext['config'];
  readonly inputs?: readonly TaskInput[];
  readonly folder: string;
  readonly address: TargetAddress;
  readonly traceparent?: string;
  readonly masked?: readonly string[];
};

let serial = 0;

export function createContext(given: Given): TestContext {
  serial += 1;
  const logs: TestContext['logs'] = [];
  const updates: TestContext['updates'] = [];
  const artifacts: TaskArtifact[] = [];
  const records: TaskRecord[] = [];
  return {
    runId: given.runId ?? `run-${serial}`,
    taskId: given.taskId ?? 'task',
    attempt: 1,
    epoch: given.epoch ?? 1,
    config: given.config,
    params: given.params ?? {},
    inputs: given.inputs ?? [],
    outputPath: join(given.folder, `output-${serial}.ipc`),
    masked: new Set(given.masked),
    signal: given.signal ?? new AbortController().signal,
    connection: () => Promise.resolve(given.address),
    log: (level, message, fields) => logs.push({ level, message, fields }),
    progress: (update) => updates.push(update),
    artifact: (artifact) => artifacts.push(artifact),
    record: async (record) => void records.push(record),
    span: (_name, _attributes, body) => body(given.traceparent),
    logs,
    updates,
    artifacts,
    records,
  };
}
