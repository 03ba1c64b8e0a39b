import type { Schema } from '@floe/expression';
import { IpcFileWriter } from '../arrow/ipc-file-writer.ts';
import { createColumnBuilder } from '../columns/create-column-builder.ts';
import { CopyDecoder, type DecodedColumn } from './copy-decoder.ts';
import { type PostgresColumn, schemaOfColumns } from './postgres-types.ts';

/** What a file of rows holds. */
export type DatasetFacts = {
  readonly rows: number;
  readonly bytes: number;
  readonly schema: Schema;
  /** Its `contentHash`, where who wrote the file knows it. */
  readonly hash?: string;
};

/** Takes the rows of one COPY after the other into a dataset that it may share with other parts. */
export type CopyPart = {
  /**
   * Takes whole CopyData messages, with their frames; the bytes are good until it returns. A promise asks to bring no
   * more before it resolves: the rows are on their way to the file.
   */
  receive(messages: Buffer): Promise<void> | undefined;
  /** Call it after the last message of each COPY. Errors: CONNECTION_FAILED when the rows stop too early. */
  endCopy(): void;
  /** Call it after the last COPY: what is left goes to the file. */
  end(): Promise<void>;
};

export type CopyDatasetOptions = {
  /** The columns of the COPY, in order. */
  readonly columns: readonly PostgresColumn[];
  readonly path: string;
  /** True when the server keeps text without an encoding (SQL_ASCII), so that it may be anything. */
  readonly checkUtf8: boolean;
  /** Values that Polars cannot hold become NULL, and this is told of each, with its column. */
  readonly onUnfit?: (column: string) => void;
  /** Rows and bytes of all parts so far, as they came. */
  readonly onProgress?: (rows: number, bytes: number) => void;
};

/**
 * Large enough that the work per batch vanishes, small enough that its columns stay in the caches, that they need little new
 * memory, and that the server has room in the sockets for what it sends while one is written.
 */
const MAX_BATCH_ROWS = 8_192;
/** Bytes of rows after which a batch ends early, so that long texts and many columns do not fill the memory. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Writes the rows of binary COPYs as one Arrow IPC file, in memory for one batch of each. The file appears whole at
 * its path or not at all. The rows of a part keep their order; those of several parts mingle by batches.
 *
 * Errors: TYPE_UNSUPPORTED and COLUMN_MISMATCH when it is opened; VALUE_INVALID with column and row;
 * CONNECTION_FAILED when a part stops too early; DATASET_STORE_UNAVAILABLE when the disk takes no more.
 */
export class CopyDataset {
  readonly #options: CopyDatasetOptions;
  readonly #writer: IpcFileWriter;
  readonly schema: Schema;
  #writing: Promise<void> = Promise.resolve();
  #rows = 0;
  #wireBytes = 0;

  private constructor(options: CopyDatasetOptions, schema: Schema, writer: IpcFileWriter) {
    this.#options = options;
    this.schema = schema;
    this.#writer = writer;
  }

  static async create(options: CopyDatasetOptions): Promise<CopyDataset> {
    const schema = schemaOfColumns(options.columns);
    return new CopyDataset(options, schema, await IpcFileWriter.create(options.path, schema));
  }

  openPart(): CopyPart {
    const columns = this.#createColumns();
    const decoder = new CopyDecoder(columns);
    let batchBytes = 0;
    const flush = async (): Promise<void> => {
      const rows = decoder.batchRows;
      if (rows > 0) await this.#write(columns, rows);
      decoder.startBatch();
      batchBytes = 0;
    };
    return {
      receive: (messages) => {
        decoder.push(messages);
        batchBytes += messages.length;
        this.#wireBytes += messages.length;
        const isFull = decoder.batchRows >= MAX_BATCH_ROWS || batchBytes >= BATCH_BYTES;
        return isFull ? flush() : undefined;
      },
      endCopy: () => decoder.endCopy(),
      end: flush,
    };
  }

  /** Ends the file and moves it into place. */
  async finish(): Promise<DatasetFacts> {
    return { rows: this.#rows, ...(await this.#writer.finish()), schema: this.schema };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
  }

  #createColumns(): DecodedColumn[] {
    const { checkUtf8, onUnfit } = this.#options;
    return this.#options.columns.map(({ name, type }, index) => ({
      name,
      builder: createColumnBuilder(type, this.schema[index]!.type, {
        checkUtf8,
        ...(onUnfit !== undefined && { onUnfit: () => onUnfit(name) }),
      }),
    }));
  }

  /** The parts write in turns: a batch lies in the file as one piece. */
  #write(columns: readonly DecodedColumn[], rows: number): Promise<void> {
    const batch = columns.map(({ builder }) => builder.take());
    this.#writing = this.#writing.then(async () => {
      await this.#writer.writeBatch(rows, batch);
      this.#rows += rows;
      this.#options.onProgress?.(this.#rows, this.#wireBytes);
    });
    return this.#writing;
  }
}
