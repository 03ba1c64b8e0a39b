import { join } from 'node:path';
import type { TargetAddress } from '@floe/database';
import type { HttpEndpoint } from '@floe/http';
import type { TaskArtifact, TaskContext, TaskInput, TaskRecord } from '../src/runner.ts';

/** What an attempt gets, with everything that is not given filled in and all reports kept. */
export type TestContext = TaskContext & {
  readonly logs: { level: string; message: string; fields?: unknown }[];
  readonly artifacts: TaskArtifact[];
  readonly records: TaskRecord[];
  readonly spans: { name: string; attributes: Record<string, string | number>; kind: string }[];
  readonly updates: Parameters<TaskContext['progress']>[0][];
};

type Given = Partial<
  Pick<TaskContext, 'taskId' | 'attempt' | 'epoch' | 'runId' | 'params' | 'signal'>
> & {
  readonly config: TaskContext['config'];
  readonly inputs?: readonly TaskInput[];
  readonly folder: string;
  readonly address: TargetAddress;
  readonly traceparent?: string;
  readonly masked?: readonly string[];
  readonly endpoint?: HttpEndpoint;
  readonly httpHosts?: readonly string[];
};

let serial = 0;

export function createContext(given: Given): TestContext {
  serial += 1;
  const logs: TestContext['logs'] = [];
  const updates: TestContext['updates'] = [];
  const artifacts: TaskArtifact[] = [];
  const records: TaskRecord[] = [];
  const spans: TestContext['spans'] = [];
  return {
    runId: given.runId ?? `run-${serial}`,
    taskId: given.taskId ?? 'task',
    attempt: given.attempt ?? 1,
    epoch: given.epoch ?? 1,
    config: given.config,
    params: given.params ?? {},
    inputs: given.inputs ?? [],
    outputPath: join(given.folder, `output-${serial}.ipc`),
    masked: new Set(given.masked),
    signal: given.signal ?? new AbortController().signal,
    connection: () => Promise.resolve(given.address),
    endpoint: () =>
      given.endpoint ? Promise.resolve(given.endpoint) : Promise.reject(new Error('no endpoint')),
    httpHosts: given.httpHosts ?? [],
    log: (level, message, fields) => logs.push({ level, message, fields }),
    progress: (update) => updates.push(update),
    artifact: (artifact) => artifacts.push(artifact),
    record: async (record) => void records.push(record),
    span(name, known, body, kind = 'internal') {
      const attributes = { ...known };
      spans.push({ name, attributes, kind });
      return body(given.traceparent, (more) => void Object.assign(attributes, more));
    },
    spans,
    logs,
    updates,
    artifacts,
    records,
  };
}
