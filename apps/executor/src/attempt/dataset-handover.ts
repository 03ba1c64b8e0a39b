/**
 * Datasets between the attempts of different executors and the worker, which knows local files only.
 *
 *   H1. A worker gets paths of this machine; what it answers about them leaves with the addresses of the store.
 *   H2. A dataset is published before its success is told: who reads the reference finds the rows.
 *   H3. Of a dataset of many parts only a few are on their way at once.
 *   H4. All parts that are gone are told at once, by their places: they are made again in one go.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contentHash, type DatasetStore, type StoredFile } from '@floe/datasets';
import { FloeError } from '@floe/errors';
import type { AttemptFailure } from '@floe/execution';
import type { ItemRows, TaskSpec } from '@floe/rpc/internal-contracts';
import type { DatasetPart, DatasetReference } from '@floe/tasks/light';

// Enough to fill a network, few enough to leave room for what else goes over it.
const PARTS_AT_ONCE = 4;

type TaskInput = { readonly taskId: string; readonly datasetJson: string };

export type HandedInputs = {
  readonly inputs: readonly TaskInput[];
  /** References as they came, by the local address that the worker got. */
  readonly originals: ReadonlyMap<string, string>;
};

/** What a task reads: its inputs, and the rows that its items are. */
export async function fetchForTask(
  store: Pick<DatasetStore, 'fetch'>,
  { inputs, itemRows }: Pick<TaskSpec, 'inputs' | 'itemRows'>,
): Promise<HandedInputs & { readonly itemRows?: ItemRows }> {
  if (itemRows === undefined) return fetchInputs(store, inputs);
  const rows = { taskId: itemRows.taskId, datasetJson: itemRows.datasetJson };
  const fetched = await fetchInputs(store, [...inputs, rows]);
  const { datasetJson } = fetched.inputs.at(-1)!;
  return {
    ...fetched,
    inputs: fetched.inputs.slice(0, -1),
    itemRows: { ...itemRows, datasetJson },
  };
}

/** The inputs with local addresses. Errors: DATASET_MISSING with the task that made it, DATASET_STORE_UNAVAILABLE. */
export async function fetchInputs(
  store: Pick<DatasetStore, 'fetch'>,
  inputs: readonly TaskInput[],
): Promise<HandedInputs> {
  const originals = new Map<string, string>();
  const fetched: TaskInput[] = [];
  for (const input of inputs) {
    const dataset = JSON.parse(input.datasetJson) as DatasetReference | null;
    if (dataset === null) {
      // The worker says which task left nothing.
      fetched.push(input);
      continue;
    }
    const local = await fetchDataset(store, dataset, input.taskId);
    originals.set(local.uri, input.datasetJson);
    fetched.push({ ...input, datasetJson: JSON.stringify(local) });
  }
  return { inputs: fetched, originals };
}

/** The same dataset with addresses of this machine. That of a dataset of several parts is only its name. */
async function fetchDataset(
  store: Pick<DatasetStore, 'fetch'>,
  dataset: DatasetReference,
  taskId: string,
): Promise<DatasetReference> {
  if (dataset.parts !== undefined) {
    return { ...dataset, parts: await fetchParts(store, dataset.parts, taskId) };
  }
  const found = await fetchOf(store, dataset);
  if (found instanceof FloeError) throw missing(taskId, found);
  return found;
}

/** H3. H4. */
async function fetchParts(
  store: Pick<DatasetStore, 'fetch'>,
  parts: readonly DatasetPart[],
  taskId: string,
): Promise<readonly DatasetPart[]> {
  const fetched: (DatasetPart | FloeError)[] = [];
  for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) {
    const some = parts.slice(at, at + PARTS_AT_ONCE);
    fetched.push(...(await Promise.all(some.map((part) => fetchOf(store, part)))));
  }
  const found = fetched.flatMap((part) => (part instanceof FloeError ? [] : [part]));
  const gone = fetched.filter((part) => part instanceof FloeError);
  if (gone[0] === undefined) return found;
  const lost = parts.filter((_, at) => fetched[at] instanceof FloeError);
  throw missing(taskId, gone[0], { lost, of: parts.length });
}

/** The file with its local address, or that it is not there. */
async function fetchOf<File extends StoredFile>(
  store: Pick<DatasetStore, 'fetch'>,
  file: File,
): Promise<File | FloeError> {
  try {
    return { ...file, uri: pathToFileURL(await store.fetch(file)).href };
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'DATASET_MISSING') return thrown;
    throw thrown;
  }
}

type LostParts = { readonly lost: readonly DatasetPart[]; readonly of: number };

function missing(taskId: string, cause: FloeError, parts?: LostParts): FloeError {
  const indexes = parts?.lost.flatMap(({ partition }) => partition ?? []) ?? [];
  const names = indexes.map((index) => index + 1).join(', ');
  const which = parts === undefined ? '' : `, partition ${names} of ${parts.of}`;
  return new FloeError('DATASET_MISSING', `the rows of task "${taskId}" are gone${which}`, {
    cause,
    details: { ...cause.details, task: taskId, ...(parts && { parts: indexes.join(',') }) },
    hint: `Make them again: floe runs retry RUN --from ${taskId}`,
  });
}

/** A worker that finds its only dataset gone, or broken, knows no more than a path: which task made it is known here. */
export function nameMissing(
  failure: AttemptFailure,
  { inputs, itemRows }: Pick<TaskSpec, 'inputs' | 'itemRows'>,
): AttemptFailure {
  const read = [...inputs, ...(itemRows === undefined ? [] : [itemRows])];
  const [only] = read;
  const isNamed = failure.details['task'] !== undefined;
  if (failure.code !== 'DATASET_MISSING' || isNamed || only === undefined || read.length > 1)
    return failure;
  return { ...failure, details: { ...failure.details, task: only.taskId } };
}

/**
 * The reference for the scheduler of what the worker made: published and with the hash of its content, or, when the
 * worker hands on an input, the reference as it came. Empty when there is no dataset.
 */
export async function publishOutput(
  store: Pick<DatasetStore, 'publish'>,
  datasetJson: string,
  originals: ReadonlyMap<string, string>,
): Promise<string> {
  if (datasetJson === '') return '';
  const dataset = JSON.parse(datasetJson) as DatasetReference;
  const original = originals.get(dataset.uri);
  if (original !== undefined) return original;
  const path = fileURLToPath(dataset.uri);
  const uri = await store.publish(path);
  const hash = dataset.hash ?? (await contentHash(path));
  return JSON.stringify({ ...dataset, uri, hash });
}
