/**
 * Rows between a dataset and the code of a package, as lines of JSON in a file beside the attempt's dataset: they are read and
 * written one by one, whatever their number.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { CustomTask, TaskRow } from '@floe/client/tasks';
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { datasetFromFiles, fileFromDataset, type DatasetFacts } from '@floe/frame';
import { datasetPaths } from '../dataset-path.ts';
import { lostDigits, rawJson } from '../json-digits.ts';
import type { TaskContext, TaskInput } from '../runner.ts';

// As often as an eye follows a number.
const TELL_EVERY_ROWS = 10_000;

/** The rows of an input. */
export async function* readRows(
  { outputPath, runId, epoch }: TaskContext,
  { taskId, dataset }: TaskInput,
): AsyncGenerator<TaskRow> {
  const path = `${outputPath}.${taskId}.rows`;
  try {
    const target = { path, runId, epoch };
    const options = { format: 'ndjson', compression: 'none' } as const;
    await fileFromDataset(datasetPaths(dataset), target, options);
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
    for await (const line of lines) yield JSON.parse(line, exactly) as TaskRow;
  } finally {
    await rm(path, { force: true });
  }
}

/** A whole number that JavaScript's do not hold is read as a bigint. */
function exactly(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const digits = lostDigits(value, context);
  return digits === undefined ? value : BigInt(digits);
}

/** Makes the dataset of what `run` yields. Errors: VALUE_INVALID with the number of the row, DISK_FULL. */
export async function writeRows(
  context: TaskContext,
  { task, rows, schema }: { task: CustomTask; rows: AsyncIterable<TaskRow>; schema: Schema },
): Promise<DatasetFacts> {
  const path = `${context.outputPath}.made`;
  try {
    await writeLines(context, rows, { path, check: rowCheck(task, schema) });
    return await datasetFromFiles([path], { format: 'ndjson', schema, output: context.outputPath });
  } finally {
    await rm(path, { force: true });
  }
}

type Lines = { readonly path: string; readonly check: (row: unknown, number: number) => void };

async function writeLines(
  context: TaskContext,
  rows: AsyncIterable<TaskRow>,
  { path, check }: Lines,
): Promise<void> {
  const file = createWriteStream(path);
  const ended = finished(file);
  // What fails while nobody waits for it is thrown where the file ends.
  ended.catch(() => undefined);
  let count = 0;
  try {
    for await (const row of rows) {
      count += 1;
      check(row, count);
      if (!file.write(`${JSON.stringify(row, toJson)}\n`) && !file.errored) await drained(file);
      if (file.errored) break;
      if (count % TELL_EVERY_ROWS === 0) context.progress({ rows: count });
    }
  } finally {
    file.end();
  }
  await ended;
  context.progress({ rows: count });
}

async function drained(file: NodeJS.EventEmitter): Promise<void> {
  await Promise.race([once(file, 'drain'), once(file, 'close')]);
}

function toJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJson(String(value)) : value;
}

/** A row is an object of columns that the type has said; what is absent is NULL. */
function rowCheck({ type }: CustomTask, schema: Schema): Lines['check'] {
  const names = new Set(schema.map(({ name }) => name));
  return (row, number) => {
    const isObject = typeof row === 'object' && row !== null && !Array.isArray(row);
    const stranger = isObject ? Object.keys(row).find((name) => !names.has(name)) : undefined;
    if (isObject && stranger === undefined) return;
    const what = isObject ? `has a column ${stranger} that the type does not name` : 'is no object';
    throw new FloeError('VALUE_INVALID', `row ${number} of ${type} ${what}`, {
      details: { type, row: String(number) },
      hint: `Its columns are ${[...names].join(', ')}.`,
    });
  };
}
