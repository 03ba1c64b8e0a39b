import type { Schema } from '@floe/expression';
import { IpcFileWriter } from '../arrow/ipc-file-writer.ts';
import { createColumnBuilder } from './column-builder.ts';
import { type BatchLimits, CopyDecoder, type DecodedColumn } from './copy-decoder.ts';
import { type PostgresColumn, schemaOfColumns } from './postgres-types.ts';

/** What a file of rows holds. */
export type DatasetFacts = {
  readonly rows: number;
  readonly bytes: number;
  readonly schema: Schema;
};

export type WriteDatasetOptions = {
  /** The columns of the COPY, in order. */
  readonly columns: readonly PostgresColumn[];
  readonly path: string;
  /** True when the server keeps text without an encoding (SQL_ASCII), so that it may be anything. */
  readonly checkUtf8: boolean;
  readonly onProgress?: (rows: number, bytes: number) => void;
};

/** Large enough that the work per batch vanishes, small enough that its columns stay in the caches. */
const MAX_BATCH_ROWS = 65_536;
const MIN_BATCH_ROWS = 1_024;
/** What the rows of a batch may take at most, beside the bytes of its texts: tables of very many columns get fewer. */
const BATCH_FIXED_BYTES = 64 * 1024 * 1024;
/** The widest fixed value, a decimal or a view. */
const VALUE_BYTES = 16;
/** Bytes of rows after which a batch ends early, so that long texts do not fill the memory. */
const BATCH_BYTES = 32 * 1024 * 1024;

function limitsFor(columnCount: number): BatchLimits {
  const fitting = Math.floor(BATCH_FIXED_BYTES / (Math.max(1, columnCount) * VALUE_BYTES));
  return {
    rows: Math.max(MIN_BATCH_ROWS, Math.min(MAX_BATCH_ROWS, fitting)),
    bytes: BATCH_BYTES,
  };
}

/**
 * Writes the pieces of a binary COPY as an Arrow IPC file, in memory for one batch. The file appears whole at its
 * path or not at all. A piece is not asked for before the batches before it are written.
 *
 * Errors: TYPE_UNSUPPORTED and COLUMN_MISMATCH before the first piece is asked for; VALUE_INVALID with column and
 * row; CONNECTION_FAILED when the pieces stop too early.
 */
export async function writeDatasetFromCopy(
  pieces: AsyncIterable<Buffer>,
  options: WriteDatasetOptions,
): Promise<DatasetFacts> {
  const schema = schemaOfColumns(options.columns);
  const limits = limitsFor(schema.length);
  const columns = createColumns(options, schema, limits.rows);
  const decoder = new CopyDecoder(columns, limits);
  await using writer = await IpcFileWriter.create(options.path, schema);
  let bytesRead = 0;
  for await (const piece of pieces) {
    bytesRead += piece.length;
    decoder.push(piece);
    while (decoder.decode() === 'batch_full') {
      await writeBatch(decoder, columns, writer);
      options.onProgress?.(decoder.rows, bytesRead);
    }
  }
  decoder.assertEnded();
  if (decoder.batchRows > 0) await writeBatch(decoder, columns, writer);
  return { rows: decoder.rows, bytes: await writer.finish(), schema };
}

function createColumns(
  options: WriteDatasetOptions,
  schema: Schema,
  capacityRows: number,
): DecodedColumn[] {
  const { checkUtf8 } = options;
  return options.columns.map((column, index) => ({
    name: column.name,
    builder: createColumnBuilder(column.type, schema[index]!.type, { capacityRows, checkUtf8 }),
  }));
}

async function writeBatch(
  decoder: CopyDecoder,
  columns: readonly DecodedColumn[],
  writer: IpcFileWriter,
): Promise<void> {
  const rows = decoder.batchRows;
  await writer.writeBatch(
    rows,
    columns.map(({ builder }) => builder.take()),
  );
  decoder.startBatch();
}
