import { rm } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { type DataType, formatDataType, sameType, type Schema } from '@floe/expression';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { literalPath, sinkDataset } from '../polars/sink-dataset.ts';
import { toPolarsType } from '../polars/polars-type.ts';
import { requirePacking } from './check-packing.ts';
import type { FileFormat } from './file-format.ts';

export type ReadFilesOptions = {
  readonly format: FileFormat;
  /** Columns of a CSV or NDJSON file with their types; inferred when absent. */
  readonly schema?: Schema;
  readonly csv?: CsvOptions;
  /** A file that says which columns all have, when there is none to read. The first one, when absent. */
  readonly like?: string;
  /** The dataset to write; its name ends in `.ipc`. */
  readonly output: string;
};

export type CsvOptions = {
  /** One character. */
  readonly separator?: string;
  readonly hasHeader?: boolean;
  /** Texts that stand for NULL, besides the empty field. */
  readonly nullValues?: readonly string[];
};

// Rows that Polars reads to learn the types of a text file's columns; a rare late value may still surprise it.
const INFERENCE_ROWS = 10_000;

/**
 * Turns files of one format and the same columns into one dataset, their rows in the order of the paths. Packed text
 * files (gzip, zstd) are unpacked on the way. The dataset appears whole or not at all.
 * Errors: FILE_INVALID with the file that is not what it says, COLUMN_MISMATCH with the two files that differ.
 */
export async function datasetFromFiles(
  paths: readonly string[],
  options: ReadFilesOptions,
): Promise<DatasetFacts> {
  const frame = await scanAll(paths, options);
  try {
    return await sinkDataset(frame, options.output);
  } catch (thrown) {
    throw await nameBrokenFile(thrown, paths, options);
  }
}

async function scanAll(
  paths: readonly string[],
  options: ReadFilesOptions,
): Promise<LazyDataFrame> {
  const { like = paths[0] } = options;
  if (like === undefined) throw new FloeError('ARGUMENT_INVALID', 'there is no file to read');
  const all = paths[0] === like ? paths : [like, ...paths];
  const scanned: LazyDataFrame[] = [];
  for (const path of all) {
    await requirePacking(path);
    scanned.push(await scanFile(path, options));
  }
  await requireSameColumns(all, scanned, options);
  if (paths.length === 0) return scanned[0]!.head(0);
  const frames = scanned.slice(all.length - paths.length);
  return frames.length === 1 ? frames[0]! : pl.concat(frames, { how: 'vertical' });
}

async function scanFile(path: string, options: ReadFilesOptions): Promise<LazyDataFrame> {
  const { format, schema, csv = {} } = options;
  const literal = literalPath(path);
  switch (format) {
    case 'parquet':
      return pl.scanParquet(literal);
    case 'arrow':
      return pl.scanIPC(literal);
    case 'ndjson':
      return pl.scanJson(literal, {
        inferSchemaLength: INFERENCE_ROWS,
        ...(schema !== undefined && { schema: polarsTypes(schema) }),
      });
    case 'csv':
      return schema === undefined ? scanCsv(literal, csv) : scanTypedCsv(path, schema, options);
  }
}

function scanCsv(literal: string, csv: CsvOptions, schema?: Schema): LazyDataFrame {
  return pl.scanCSV(literal, {
    inferSchemaLength: INFERENCE_ROWS,
    parseDates: true,
    hasHeader: csv.hasHeader ?? true,
    ...(csv.separator !== undefined && { sep: csv.separator }),
    ...(csv.nullValues !== undefined && { nullValues: [...csv.nullValues] }),
    ...(schema !== undefined && { schema: polarsTypes(schema) }),
  });
}

/** Polars gives types to the columns of a CSV file by their place; people mean their names. */
async function scanTypedCsv(
  path: string,
  schema: Schema,
  { csv = {}, output }: ReadFilesOptions,
): Promise<LazyDataFrame> {
  const literal = literalPath(path);
  if (csv.hasHeader === false) return scanCsv(literal, csv, schema);
  const header = (await schemaOf(scanCsv(literal, csv), path, output)).map(({ name }) => name);
  const types = new Map(schema.map((column) => [column.name, column]));
  const placed = header.flatMap((name) => types.get(name) ?? []);
  if (placed.length !== header.length || placed.length !== schema.length)
    throw otherHeader(path, header, schema);
  return scanCsv(literal, csv, placed).select(...schema.map(({ name }) => name));
}

function otherHeader(path: string, header: readonly string[], schema: Schema): FloeError {
  const declared = schema.map(({ name }) => name);
  const missing = declared.filter((name) => !header.includes(name));
  const added = header.filter((name) => !declared.includes(name));
  const words = [
    ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
    ...(added.length > 0 ? [`it has ${added.join(', ')} besides`] : []),
  ];
  return new FloeError(
    'COLUMN_MISMATCH',
    `${path} has other columns than declared: ${words.join('; ')}`,
    {
      details: { file: path },
      hint: 'Declare all columns of the file under `columns`, or none.',
    },
  );
}

function polarsTypes(schema: Schema): Record<string, ReturnType<typeof toPolarsType>> {
  return Object.fromEntries(schema.map(({ name, type }) => [name, toPolarsType(type)]));
}

/** Several files are one table only when each says the same of it: Polars alone would turn what differs into text. */
async function requireSameColumns(
  paths: readonly string[],
  frames: readonly LazyDataFrame[],
  { output }: ReadFilesOptions,
): Promise<void> {
  let first: Schema | undefined;
  for (const [index, frame] of frames.entries()) {
    const schema = await schemaOf(frame, paths[index]!, output);
    first ??= schema;
    const difference = differenceOf(first, schema);
    if (difference === undefined) continue;
    throw new FloeError(
      'COLUMN_MISMATCH',
      `${paths[0]} and ${paths[index]} differ: ${difference}`,
      {
        details: { file: paths[index]!, other_file: paths[0]! },
        hint: 'Declare the types under `columns`, or read the files with two tasks.',
      },
    );
  }
}

/** The columns of a file, by way of an empty dataset: asking the frame itself fails for binary columns. */
async function schemaOf(frame: LazyDataFrame, path: string, output: string): Promise<Schema> {
  const empty = `${output}.columns.ipc`;
  try {
    return (await sinkDataset(frame.head(0), empty)).schema;
  } catch (thrown) {
    throw invalidFile(path, thrown);
  } finally {
    await rm(empty, { force: true });
  }
}

function differenceOf(first: Schema, other: Schema): string | undefined {
  const types = new Map<string, DataType>(other.map(({ name, type }) => [name, type]));
  for (const { name, type } of first) {
    const found = types.get(name);
    if (found === undefined) return `only the first has column "${name}"`;
    if (!sameType(type, found))
      return `column "${name}" is ${formatDataType(type)} in the first and ${formatDataType(found)} in the other`;
  }
  const names = new Set(first.map(({ name }) => name));
  const added = other.find(({ name }) => !names.has(name));
  if (added !== undefined) return `only the other has column "${added.name}"`;
  const isSameOrder = first.every(({ name }, index) => other[index]?.name === name);
  return isSameOrder ? undefined : 'their columns come in another order';
}

/** Polars does not say which of many files broke: each is read alone until one breaks. */
async function nameBrokenFile(
  thrown: unknown,
  paths: readonly string[],
  options: ReadFilesOptions,
): Promise<unknown> {
  const isStore = thrown instanceof FloeError && thrown.code === 'DATASET_STORE_UNAVAILABLE';
  if (paths.length === 1 || isStore) return invalidFile(paths[0]!, thrown);
  const scratch = `${options.output}.one.ipc`;
  for (const path of paths) {
    try {
      await sinkDataset(await scanFile(path, options), scratch);
    } catch (error) {
      return invalidFile(path, error);
    } finally {
      await rm(scratch, { force: true });
    }
  }
  return thrown;
}

function invalidFile(path: string, thrown: unknown): FloeError {
  // The file is read, and the dataset cannot be written.
  if (thrown instanceof FloeError && thrown.code === 'DATASET_STORE_UNAVAILABLE') return thrown;
  const reason = thrown instanceof Error ? firstLine(thrown.message) : String(thrown);
  return new FloeError('FILE_INVALID', `${path} cannot be read: ${reason}`, {
    cause: thrown,
    details: { file: path },
    hint: 'Is its format what `format` or its ending says, and is it whole?',
  });
}

function firstLine(message: string): string {
  return message.replace(/^Polars failed: /, '').split('\n', 1)[0]!;
}
