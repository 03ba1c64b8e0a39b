import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { ContentHash } from '@floe/datasets/content-hash';
import type { Schema } from '@floe/expression';
import { notStored } from '../files/disk-trouble.ts';
import { ALIGNMENT_BYTES, CONTINUATION, MAGIC, alignedTo } from './arrow-format.ts';
import {
  type BatchLayout,
  type Block,
  type BufferPlace,
  encodeBatchMessage,
  encodeFooter,
  encodeSchemaMessage,
} from './write-metadata.ts';

/** One column of one record batch, as it goes to the file. */
export type ColumnBuffers = {
  readonly length: number;
  readonly nullCount: number;
  /** In Arrow's order: validity, values, views or offsets, then the data of the views. */
  readonly buffers: readonly Buffer[];
  /** For columns of views: how many of the buffers are their data. */
  readonly dataBuffers?: number;
  /** The elements of a column of lists. */
  readonly children?: readonly ColumnBuffers[];
};

/** What became of the rows; the hash is that of `contentHash`. */
export type WrittenFile = { readonly bytes: number; readonly hash: string };

/** Arrow's order of nested columns: each before its children. */
function withChildren(columns: readonly ColumnBuffers[]): ColumnBuffers[] {
  return columns.flatMap((column) => [column, ...withChildren(column.children ?? [])]);
}

const PADDING = Buffer.alloc(ALIGNMENT_BYTES);
const PREFIX_BYTES = 8;
/** Large enough that the disk is not asked all the time, small enough that the last sync takes a moment. */
const SYNC_BYTES = 16 * 1024 * 1024;

/**
 * Writes an Arrow IPC file.
 *
 * It owns the file handle and the temporary file.
 * W1. A reader sees the whole file or none: the bytes go to another name, which takes the place of the path after
 *     fsync. Without `finish`, disposal removes what was written.
 * W2. The buffers of a batch may be used again as soon as `writeBatch` has resolved.
 */
export class IpcFileWriter {
  readonly #path: string;
  readonly #partialPath: string;
  readonly #handle: FileHandle;
  readonly #schema: Schema;
  readonly #blocks: Block[] = [];
  readonly #hash = new ContentHash();
  #position = 0;
  #syncedUpTo = 0;
  #syncing: Promise<unknown> | undefined;
  #isOpen = true;

  private constructor(path: string, partialPath: string, handle: FileHandle, schema: Schema) {
    this.#path = path;
    this.#partialPath = partialPath;
    this.#handle = handle;
    this.#schema = schema;
  }

  static async create(path: string, schema: Schema): Promise<IpcFileWriter> {
    const partialPath = `${path}.partial`;
    const handle = await storing(partialPath, () => open(partialPath, 'w'));
    const writer = new IpcFileWriter(path, partialPath, handle, schema);
    try {
      await writer.#write([MAGIC, PADDING.subarray(0, PREFIX_BYTES - MAGIC.length)]);
      await writer.#writeMessage(encodeSchemaMessage(schema));
    } catch (thrown) {
      await writer[Symbol.asyncDispose]();
      throw thrown;
    }
    return writer;
  }

  async writeBatch(rows: number, columns: readonly ColumnBuffers[]): Promise<void> {
    const all = withChildren(columns);
    const places: BufferPlace[] = [];
    const body: Buffer[] = [];
    let bodyBytes = 0;
    for (const buffer of all.flatMap((column) => column.buffers)) {
      const padded = alignedTo(buffer.length, ALIGNMENT_BYTES);
      places.push({ offset: bodyBytes, length: buffer.length });
      body.push(buffer, PADDING.subarray(0, padded - buffer.length));
      bodyBytes += padded;
    }
    const layout: BatchLayout = {
      rows,
      nodes: all.map(({ length, nullCount }) => ({ length, nullCount })),
      buffers: places,
      viewBufferCounts: all.flatMap(({ dataBuffers }) => dataBuffers ?? []),
      bodyBytes,
    };
    const offset = this.#position;
    const metadataBytes = await this.#writeMessage(encodeBatchMessage(layout));
    await this.#write(body);
    this.#blocks.push({ offset, metadataBytes, bodyBytes });
    this.#syncBehind();
  }

  /** Ends the file and moves it into place. */
  async finish(): Promise<WrittenFile> {
    const footer = Buffer.from(encodeFooter(this.#schema, this.#blocks));
    const end = Buffer.alloc(PREFIX_BYTES);
    end.writeUInt32LE(CONTINUATION, 0);
    const footerLength = Buffer.alloc(4);
    footerLength.writeInt32LE(footer.length, 0);
    await this.#write([end, footer, footerLength, MAGIC]);
    await this.#settleSync();
    await this.#storing(() => this.#handle.sync());
    await this.#close();
    await this.#storing(() => rename(this.#partialPath, this.#path));
    return { bytes: this.#position, hash: this.#hash.digest() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    await this.#close();
    await rm(this.#partialPath, { force: true });
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    await this.#settleSync();
    await this.#handle.close();
  }

  /** Starts to sync what was written, so that little is left for the end; never two at a time. */
  #syncBehind(): void {
    if (this.#syncing !== undefined || this.#position - this.#syncedUpTo < SYNC_BYTES) return;
    this.#syncedUpTo = this.#position;
    this.#syncing = this.#handle.datasync().then(
      () => (this.#syncing = undefined),
      // The sync at the end meets the same trouble and reports it.
      () => (this.#syncing = undefined),
    );
  }

  async #settleSync(): Promise<void> {
    await this.#syncing;
  }

  #storing<Result>(write: () => Promise<Result>): Promise<Result> {
    return storing(this.#path, write);
  }

  /** The body that follows starts at a multiple of the alignment. Returns the size with prefix and padding. */
  async #writeMessage(message: Uint8Array): Promise<number> {
    const start = this.#position;
    const end = alignedTo(start + PREFIX_BYTES + message.length, ALIGNMENT_BYTES);
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32LE(CONTINUATION, 0);
    prefix.writeInt32LE(end - start - PREFIX_BYTES, 4);
    const padding = PADDING.subarray(0, end - start - PREFIX_BYTES - message.length);
    await this.#write([prefix, Buffer.from(message), padding]);
    return end - start;
  }

  async #write(buffers: readonly Buffer[]): Promise<void> {
    let rest = buffers.filter((buffer) => buffer.length > 0);
    for (const buffer of rest) this.#hash.update(buffer);
    while (rest.length > 0) {
      const { bytesWritten } = await this.#storing(() => this.#handle.writev(rest, this.#position));
      this.#position += bytesWritten;
      rest = dropBytes(rest, bytesWritten);
    }
  }
}

/** Errors: DATASET_STORE_UNAVAILABLE. */
async function storing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    throw notStored(path, thrown);
  }
}

/** A write may take less than it was given; this is what remains. */
function dropBytes(buffers: readonly Buffer[], count: number): Buffer[] {
  let left = count;
  const rest: Buffer[] = [];
  for (const buffer of buffers) {
    if (left < buffer.length) rest.push(left === 0 ? buffer : buffer.subarray(left));
    left = Math.max(0, left - buffer.length);
  }
  return rest;
}
