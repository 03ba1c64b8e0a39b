/**
 * The dataset of a task that several attempts make together: a part from each, with the sums of all.
 *
 *   D1. Its address names it and leads nowhere: only who knows of parts can read it.
 *   D2. A part takes the place of one that an earlier attempt made for the same partition.
 *   D3. Parts stand in the order of their partitions, whichever came first, so that equal parts make an equal whole.
 *   D4. It is there for readers while its task counts as succeeded: before, and while some of it is made again, parts are
 *       missing or about to be replaced.
 */
import type { FinishResult } from '../commit/commit-input.ts';
import type { RunRecord, TaskDetail } from './run-record.ts';

type Reference = {
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: unknown;
  readonly hash?: string;
};

type Part = Omit<Reference, 'schema'> & {
  readonly partition: number;
  /** Who made it, and has it on its own disk. */
  readonly executorId: string;
};

type PartitionedDataset = Reference & { readonly parts: readonly Part[] };

export type NewPart = {
  readonly partition: number;
  readonly executorId: string;
  readonly result: FinishResult;
  readonly isSuccess: boolean;
};

/** What changes about a task with the end of the attempt for one of its partitions. */
export function withPart(
  known: TaskDetail,
  name: string,
  { partition, executorId, result, isSuccess }: NewPart,
): Partial<TaskDetail> {
  const peakMemoryBytes = Math.max(known.peakMemoryBytes, result.peakMemoryBytes);
  if (!isSuccess || !isReference(result.dataset)) return { peakMemoryBytes };
  const { schema, ...file } = result.dataset;
  const others = partsOf(known.dataset).filter((part) => part.partition !== partition); // D2
  const parts = [...others, { ...file, partition, executorId }].toSorted(
    (a, b) => a.partition - b.partition, // D3
  );
  return { peakMemoryBytes, ...wholeOf({ uri: `parts:${name}`, schema }, parts) };
}

/** What is left of a task some of whose parts are gone. */
export function withPartsOf(
  { dataset }: TaskDetail,
  isKept: (partition: number) => boolean,
): Pick<TaskDetail, 'rows' | 'bytes'> & { readonly dataset?: unknown } {
  const parts = partsOf(dataset).filter(({ partition }) => isKept(partition));
  if (parts.length === 0 || !isReference(dataset)) return { rows: 0, bytes: 0 };
  return wholeOf(dataset, parts);
}

function wholeOf({ uri, schema }: Pick<Reference, 'uri' | 'schema'>, parts: readonly Part[]) {
  const rows = sum(parts.map((part) => part.rows));
  const bytes = sum(parts.map((part) => part.bytes));
  return { rows, bytes, dataset: { uri, rows, bytes, schema, ...hashOf(parts), parts } };
}

/** D4: what readers of the task are given; undefined where there is nothing. */
export function datasetOf({ plan, state, details }: RunRecord, task: number): unknown {
  const isShared = plan.workflow.tasks[task]?.partitions !== undefined;
  if (isShared && state.tasks[task]?.status !== 'succeeded') return undefined;
  return details[task]?.dataset;
}

/** The part of one partition, as a dataset of its own; undefined where there is none. */
export function partOfDataset(dataset: unknown, partition: number): Reference | undefined {
  const part = partsOf(dataset).find((each) => each.partition === partition);
  if (part === undefined || !isReference(dataset)) return undefined;
  const { uri, rows, bytes, hash } = part;
  return { uri, rows, bytes, schema: dataset.schema, ...(hash !== undefined && { hash }) };
}

/** Partitions whose parts an executor has made. */
export function partsMadeBy(dataset: unknown, executorId: string): readonly number[] {
  const own = partsOf(dataset).filter((part) => part.executorId === executorId);
  return own.map(({ partition }) => partition);
}

function partsOf(dataset: unknown): readonly Part[] {
  const { parts = [] } = (dataset ?? {}) as Partial<PartitionedDataset>;
  return parts;
}

/** What an executor reports has been looked at when it came in. */
function isReference(dataset: unknown): dataset is Reference {
  return typeof dataset === 'object' && dataset !== null && 'uri' in dataset;
}

/** None, when a part has none. */
function hashOf(parts: readonly Part[]): { readonly hash?: string } {
  const hashes = parts.flatMap(({ hash }) => hash ?? []);
  if (hashes.length < parts.length) return {};
  return { hash: `parts:${digest(hashes.join('\n'))}` };
}

/** FNV-1a of 64 bits: like the hashes that it is made of it finds what changed by accident, and stops no forger. */
function digest(text: string): string {
  let state = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  }
  return state.toString(16).padStart(16, '0');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
