import type { FloeClient, WorkflowVersion } from '@floe/client';
import { FloeError, toFloeError } from '@floe/errors';
import { formatDataType } from '@floe/expression';
import { checkTypes } from '@floe/plan';
import { PUSHED_FIELD, TASK_TYPES } from '@floe/tasks';
import { readWorkflow, type Task, type Workflow } from '@floe/workflow';
import { looksLikeFile } from '../documents.ts';
import type { ErrorSource } from '../render/error.ts';
import type { Column, Side } from './side.ts';

/** What a word means: a document, or a workflow with or without a version. */
export type Named =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'applied'; readonly name: string; readonly version?: number };

/** `late-flights`, `late-flights@3`, `late-flights.yaml`. Throws ARGUMENT_INVALID. */
export function readNamed(word: string): Named {
  if (looksLikeFile(word)) return { kind: 'file', path: word };
  const [name = '', version, ...rest] = word.split('@');
  if (version === undefined) return { kind: 'applied', name };
  if (rest.length === 0 && /^[1-9]\d{0,8}$/.test(version))
    return { kind: 'applied', name, version: Number(version) };
  throw new FloeError('ARGUMENT_INVALID', `${JSON.stringify(word)} names no version`, {
    hint: 'Write NAME@VERSION, like late-flights@3, or the path of a document.',
  });
}

export type Applied = {
  readonly side: Side;
  readonly version: WorkflowVersion;
  /** Extracts that leave out rows or columns which the tasks behind them do not use. */
  readonly narrowed: ReadonlySet<string>;
};

export async function loadApplied(
  client: FloeClient,
  { name, version }: { readonly name: string; readonly version?: number },
): Promise<Applied> {
  const found = await client.getWorkflow(name, version === undefined ? {} : { version });
  if (found.version === undefined) {
    throw new FloeError('VERSION_NOT_FOUND', `workflow ${name} has no such version`);
  }
  const { document, tasks } = found.version;
  // What metadata stored is what readWorkflow gave it, and what it found out for the extracts.
  const stored = document as unknown as Workflow;
  const narrowed = stored.tasks.filter(({ config }) => Object.hasOwn(config, PUSHED_FIELD));
  const side = {
    label: `${name} v${found.version.version}`,
    workflow: { ...stored, tasks: stored.tasks.map(asWritten) },
    columns: knownColumns(tasks.map(({ taskId, columns }) => [taskId, columns])),
  };
  return { side, version: found.version, narrowed: new Set(narrowed.map(({ id }) => id)) };
}

function asWritten(task: Task): Task {
  const fields = Object.entries(task.config).filter(([field]) => field !== PUSHED_FIELD);
  return { ...task, config: Object.fromEntries(fields) };
}

/** Columns as the server knows them, or without one, as far as the document alone says. Throws DOCUMENT_INVALID. */
export async function loadFile(client: FloeClient, source: ErrorSource): Promise<Side> {
  const { workflow, violations, ...read } = readWorkflow(source.text, { taskTypes: TASK_TYPES });
  if (violations.length > 0) {
    throw new FloeError('DOCUMENT_INVALID', `${source.path} is not valid`, { violations });
  }
  const asked = await askColumns(client, source.text);
  if (asked !== undefined) return { label: source.path, workflow, columns: asked };
  const { schemas } = checkTypes(workflow, {
    taskTypes: TASK_TYPES,
    described: new Map(),
    ...read,
  });
  const columns = [...schemas].map(([taskId, schema]): [string, readonly Column[]] => [
    taskId,
    schema.map(({ name, type }) => ({ name, type: formatDataType(type) })),
  ]);
  return { label: source.path, workflow, columns: knownColumns(columns) };
}

async function askColumns(client: FloeClient, text: string): Promise<Side['columns'] | undefined> {
  try {
    const { tasks } = await client.validateWorkflow(text);
    return knownColumns(tasks.map(({ taskId, columns }) => [taskId, columns]));
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category === 'unavailable') return undefined;
    throw error;
  }
}

/** No columns means on the wire that they are not known. */
function knownColumns(all: readonly (readonly [string, readonly Column[]])[]): Side['columns'] {
  return new Map(all.filter(([, columns]) => columns.length > 0));
}
