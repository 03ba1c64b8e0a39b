import { type FileHandle, open } from 'node:fs/promises';
import { FloeError, toFloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { CONTINUATION, MAGIC } from './arrow-format.ts';
import type { Field } from './field.ts';
import { type Footer, decodeBatchMessage, decodeFooter } from './read-metadata.ts';
import { type ArrowColumn, splitBatch } from './record-batch.ts';
import type { Block } from './write-metadata.ts';

export type RecordBatch = { readonly rows: number; readonly columns: readonly ArrowColumn[] };

const TAIL_BYTES = 4 + MAGIC.length;
/** Read at once: in it are the footer of any file that people make, and all of a small one. Each read costs a wait. */
const END_BYTES = 64 * 1024;

/** The system reads no more than 2 GiB at once, and Polars writes larger batches where rows hold long texts. */
const READ_BYTES_MAX = 1024 * 1024 * 1024;

/** The last bytes of a file, so that what is in them is not read again. */
type End = { readonly from: number; readonly bytes: Buffer };

/**
 * Reads an Arrow IPC file, one record batch at a time: memory holds one batch, whatever the size of the file.
 * It owns the file handle. The buffers of a batch are good until the caller lets go of them.
 */
export class IpcFileReader {
  readonly #handle: FileHandle;
  readonly #footer: Footer;
  readonly #end: End;
  readonly bytes: number;

  private constructor(handle: FileHandle, footer: Footer, end: End) {
    this.#handle = handle;
    this.#footer = footer;
    this.#end = end;
    this.bytes = end.from + end.bytes.length;
  }

  static async open(path: string): Promise<IpcFileReader> {
    const handle = await openForReading(path);
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - END_BYTES);
      const end = { from, bytes: await readExactly(handle, from, size - from) };
      return new IpcFileReader(handle, await readFooter(handle, end), end);
    } catch (thrown) {
      await handle.close();
      throw toFloeError(thrown, 'DATASET_MISSING');
    }
  }

  get fields(): readonly Field[] {
    return this.#footer.fields;
  }

  get schema(): Schema {
    return this.fields.map(({ name, type }) => ({ name, type }));
  }

  /** Reads only the head of each batch. */
  async countRows(): Promise<number> {
    let rows = 0;
    for (const block of this.#footer.batches) rows += (await this.#readMessage(block)).rows;
    return rows;
  }

  /** Of a column, where none is nested. Reads only the head of each batch. */
  async countNulls(index: number): Promise<number> {
    let nulls = 0;
    for (const block of this.#footer.batches)
      nulls += (await this.#readMessage(block)).nodes[index]?.nullCount ?? 0;
    return nulls;
  }

  /** Each in memory of its own. */
  batches(): AsyncGenerator<RecordBatch, void, undefined> {
    return this.#readBatches((bytes) => Buffer.allocUnsafeSlow(bytes));
  }

  /** All in the same memory: a batch is good until the next one is asked for. */
  batchesInPlace(): AsyncGenerator<RecordBatch, void, undefined> {
    const largest = Math.max(0, ...this.#footer.batches.map(({ bodyBytes }) => bodyBytes));
    const memory = Buffer.allocUnsafeSlow(largest);
    return this.#readBatches((bytes) => memory.subarray(0, bytes));
  }

  async *#readBatches(
    claim: (bytes: number) => Buffer,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const dictionaries = await this.#readDictionaries();
    for (const block of this.#footer.batches) {
      const metadata = await this.#readMessage(block);
      const body = claim(block.bodyBytes);
      await fill(this.#handle, block.offset + block.metadataBytes, body);
      const columns = splitBatch(this.fields, metadata, body, dictionaries);
      yield { rows: metadata.rows, columns };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #readDictionaries(): Promise<Map<number, ArrowColumn>> {
    const fields = new Map(dictionaryFields(this.fields));
    const dictionaries = new Map<number, ArrowColumn>();
    for (const block of this.#footer.dictionaries) {
      const metadata = await this.#readMessage(block);
      const id = metadata.dictionaryId ?? -1;
      const field = fields.get(id);
      if (field === undefined) continue;
      const bodyStart = block.offset + block.metadataBytes;
      const body = await readExactly(this.#handle, bodyStart, block.bodyBytes);
      const [column] = splitBatch([field], metadata, body, dictionaries);
      if (column !== undefined) dictionaries.set(id, column);
    }
    return dictionaries;
  }

  async #readMessage(block: Block): Promise<ReturnType<typeof decodeBatchMessage>> {
    const bytes = await readWithin(this.#handle, this.#end, [block.offset, block.metadataBytes]);
    const prefixBytes = bytes.readUInt32LE(0) === CONTINUATION ? 8 : 4;
    return decodeBatchMessage(bytes.subarray(prefixBytes));
  }
}

function dictionaryFields(fields: readonly Field[]): [number, Field][] {
  return fields.flatMap((field) => [
    ...(field.dictionary === undefined
      ? []
      : [[field.dictionary.id, field.dictionary.values] as [number, Field]]),
    ...dictionaryFields(field.children),
  ]);
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    throw new FloeError('DATASET_MISSING', `the dataset ${path} cannot be opened`, {
      cause: thrown,
      hint: 'run the upstream task again',
    });
  }
}

async function readFooter(handle: FileHandle, end: End): Promise<Footer> {
  const size = end.from + end.bytes.length;
  if (size < MAGIC.length + TAIL_BYTES) throw notArrow();
  const tail = end.bytes.subarray(-TAIL_BYTES);
  const footerBytes = tail.readInt32LE(0);
  const isWhole = tail.subarray(4).equals(MAGIC) && footerBytes > 0;
  if (!isWhole || footerBytes > size - TAIL_BYTES) throw notArrow();
  return decodeFooter(
    await readWithin(handle, end, [size - TAIL_BYTES - footerBytes, footerBytes]),
  );
}

/** From the end that was read already, if all of it is there. */
async function readWithin(
  handle: FileHandle,
  { from, bytes }: End,
  [at, length]: readonly [at: number, length: number],
): Promise<Buffer> {
  const isThere = at >= from && at + length <= from + bytes.length;
  return isThere ? bytes.subarray(at - from, at - from + length) : readExactly(handle, at, length);
}

function notArrow(): FloeError {
  return new FloeError('DATASET_MISSING', 'the dataset is not a whole Arrow file', {
    hint: 'run the upstream task again',
  });
}

async function readExactly(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  await fill(handle, at, buffer);
  return buffer;
}

async function fill(handle: FileHandle, at: number, buffer: Buffer): Promise<void> {
  const { length } = buffer;
  let filled = 0;
  while (filled < length) {
    const wanted = Math.min(length - filled, READ_BYTES_MAX);
    const { bytesRead } = await handle.read(buffer, filled, wanted, at + filled);
    if (bytesRead === 0) throw notArrow();
    filled += bytesRead;
  }
}
