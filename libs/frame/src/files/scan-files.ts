import { rm, stat } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { type DataType, formatDataType, sameType, type Schema } from '@floe/expression';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { countNulls, literalPath, sinkDataset } from '../polars/sink-dataset.ts';
import { requireBeginning } from './check-beginning.ts';
import type { FileFormat } from './file-format.ts';
import { requireWholeLines, withPlace } from './name-fault.ts';
import { type CsvOptions, scanCsv, scanCsvHeader, scanNdjson } from './scan-text.ts';
import type { TextFile } from './text-file.ts';

export type ReadFilesOptions = {
  readonly format: FileFormat;
  /** Columns of a CSV or NDJSON file with their types; inferred when absent. */
  readonly schema?: Schema;
  readonly csv?: CsvOptions;
  /** A file that says which columns all have, when there is none to read. The first one, when absent. */
  readonly like?: string;
  /** The dataset to write; its name ends in `.ipc`. */
  readonly output: string;
  /** Columns whose values no error shows. */
  readonly isMasked?: (column: string) => boolean;
};

/**
 * Turns files of one format and the same columns into one dataset, their rows in the order of the paths. Packed text
 * files (gzip, zstd) are unpacked on the way. The dataset appears whole or not at all.
 * Errors: FILE_INVALID with the file that is not what it says, COLUMN_MISMATCH with the two files that differ.
 */
export async function datasetFromFiles(
  paths: readonly string[],
  options: ReadFilesOptions,
): Promise<DatasetFacts> {
  try {
    const facts = await readAll(paths, options);
    await requireWhole(paths, facts, options);
    return facts;
  } catch (thrown) {
    throw await nameFault(thrown, options);
  }
}

async function readAll(paths: readonly string[], options: ReadFilesOptions): Promise<DatasetFacts> {
  const frame = await scanAll(paths, options);
  try {
    return await sinkDataset(frame, options.output);
  } catch (thrown) {
    throw await nameBrokenFile(thrown, paths, options);
  }
}

/** Only a line that ends early leaves its last columns empty, so that most files need no second look. */
async function requireWhole(
  paths: readonly string[],
  facts: DatasetFacts,
  options: ReadFilesOptions,
): Promise<void> {
  const { format, csv = {}, output } = options;
  if (format !== 'csv' || csv.fillsShortLines === true || facts.schema.length < 2) return;
  const columns = await columnsInFile(paths[0] ?? options.like!, options);
  const last = columns?.at(-1)?.name;
  if (last === undefined || (await countNulls(output, last)) === 0) return;
  try {
    for (const path of paths)
      await requireWholeLines(textFile(path, options, columns), facts.schema.length);
  } catch (thrown) {
    await rm(output, { force: true });
    throw thrown;
  }
}

/** What Polars says of a text file has no place. */
async function nameFault(thrown: unknown, options: ReadFilesOptions): Promise<unknown> {
  const isOfPolars = thrown instanceof FloeError && thrown.code === 'FILE_INVALID' && thrown.cause;
  const path = isOfPolars ? thrown.details['file'] : undefined;
  if (!isOfPolars || path === undefined || !isText(options.format)) return thrown;
  const columns = await columnsInFile(path, options);
  return withPlace(thrown, textFile(path, options, columns));
}

const isText = (format: FileFormat) => format === 'csv' || format === 'ndjson';

function textFile(path: string, options: ReadFilesOptions, schema?: Schema): TextFile {
  const { csv = {}, format, output, isMasked = () => false } = options;
  return {
    path,
    format: format === 'csv' ? 'csv' : 'ndjson',
    csv,
    schema,
    isDeclared: options.schema !== undefined,
    isMasked,
    scratch: `${output}.piece`,
  };
}

/** Undefined when they cannot be told. */
async function columnsInFile(path: string, options: ReadFilesOptions): Promise<Schema | undefined> {
  const { format, schema, csv = {}, output } = options;
  try {
    if (format === 'csv' && schema !== undefined) return await placeColumns(path, schema, options);
    if (schema !== undefined) return schema;
    const frame = format === 'csv' ? scanCsv(path, csv) : scanNdjson(path);
    return await schemaOf(frame, path, output);
  } catch {
    return undefined; // It is what is wrong with the file.
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
    await requireBeginning(path, options.format);
    await requireContent(path, options);
    scanned.push(await scanFile(path, options));
  }
  await requireSameColumns(all, scanned, options);
  if (paths.length === 0) return scanned[0]!.head(0);
  const frames = scanned.slice(all.length - paths.length);
  return frames.length === 1 ? frames[0]! : pl.concat(frames, { how: 'vertical' });
}

/** Columns come from somewhere: of an empty file only a declaration could tell them. */
async function requireContent(path: string, options: ReadFilesOptions): Promise<void> {
  const { format, schema, csv = {} } = options;
  const isTold = schema !== undefined && (format === 'ndjson' || csv.hasHeader === false);
  if (!isText(format) || isTold || (await stat(path)).size > 0) return;
  const hint =
    format === 'csv' ? 'A CSV file begins with the names of its columns.' : 'Declare `columns`.';
  throw new FloeError('FILE_INVALID', `${path} is empty`, { details: { file: path }, hint });
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
      return scanNdjson(path, schema);
    case 'csv':
      return schema === undefined ? scanCsv(path, csv) : scanTypedCsv(path, schema, options);
  }
}

async function scanTypedCsv(
  path: string,
  schema: Schema,
  options: ReadFilesOptions,
): Promise<LazyDataFrame> {
  const placed = await placeColumns(path, schema, options);
  return scanCsv(path, options.csv ?? {}, placed).select(...schema.map(({ name }) => name));
}

/** Polars gives types to the columns of a CSV file by their place; people mean their names. */
async function placeColumns(
  path: string,
  schema: Schema,
  { csv = {}, output }: ReadFilesOptions,
): Promise<Schema> {
  if (csv.hasHeader === false) return schema;
  const header = (await schemaOf(scanCsvHeader(path, csv), path, output)).map(({ name }) => name);
  requireNames(header, path);
  const types = new Map(schema.map((column) => [column.name, column]));
  const placed = header.flatMap((name) => types.get(name) ?? []);
  if (placed.length !== header.length || placed.length !== schema.length)
    throw otherHeader(path, header, schema);
  return placed;
}

/** Polars takes other line ends and other encodings for a part of the names. */
function requireNames(header: readonly string[], path: string): void {
  const details = { file: path };
  if (header.some((name) => /\r(?!\n)/.test(name)))
    throw new FloeError('FILE_INVALID', `${path} ends its lines with CR alone`, {
      details,
      hint: "Convert it: tr '\\r' '\\n'.",
    });
  if (header.some((name) => name.includes('\ufffd')))
    throw new FloeError('FILE_INVALID', `${path}, line 1 is not UTF-8`, {
      details: { ...details, line: '1' },
      hint: 'Is it Latin-1 or Windows-1252? Convert it: iconv -f WINDOWS-1252 -t UTF-8.',
    });
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

/** Several files are one table only when each says the same of it: Polars alone would turn what differs into text. */
async function requireSameColumns(
  paths: readonly string[],
  frames: readonly LazyDataFrame[],
  { format, output }: ReadFilesOptions,
): Promise<void> {
  let first: Schema | undefined;
  for (const [index, frame] of frames.entries()) {
    const schema = await schemaOf(frame, paths[index]!, output);
    const names = schema.map(({ name }) => name);
    if (format === 'csv') requireNames(names, paths[index]!);
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
  if (thrown instanceof FloeError && thrown.code === 'TYPE_UNSUPPORTED')
    return unsupportedType(path, thrown);
  // The file is read, and the dataset cannot be written.
  if (thrown instanceof FloeError && thrown.code !== 'TRANSFORM_FAILED') return thrown;
  const reason = thrown instanceof Error ? firstLine(thrown.message) : String(thrown);
  return new FloeError('FILE_INVALID', `${path} cannot be read: ${reason}`, {
    cause: thrown,
    details: { file: path },
    hint: 'Is its format what `format` or its ending says, and is it whole?',
  });
}

function unsupportedType(path: string, thrown: FloeError): FloeError {
  const column = thrown.details['column'] ?? 'name';
  const hint = `Declare all columns under \`columns\`, this one as \`- ${column}: String\` (of CSV also Decimal(38, 0)); Parquet and Arrow files have to be written with another type.`;
  return new FloeError('TYPE_UNSUPPORTED', `${path} cannot be read: ${thrown.message}`, {
    cause: thrown,
    details: { ...thrown.details, file: path },
    hint: thrown.hint ?? hint,
  });
}

function firstLine(message: string): string {
  return message.replace(/^Polars failed: /, '').split('\n', 1)[0]!;
}
