/**
 * Archives of `mongodump --archive`.
 *
 * A magic number; a block with a header and one document for each collection; then blocks with documents of one collection
 * each, in any order. A block is a document that names what follows, the documents, and four bytes of ones. The last
 * block of a collection says so, with the CRC-64 of its documents.
 *
 *   A1. Every collection that ends is checked against its sum; one that never ends is an archive that was cut off.
 */
import { deserialize } from 'bson';
import { toRecord } from './bson-document.ts';
import { ByteReader } from './byte-reader.ts';
import { Crc64 } from './crc64.ts';
import { broken, takeDocument } from './read-bson.ts';
import { readBytes } from './read-bytes.ts';
import type { SourceRecord } from './record.ts';

export const ARCHIVE_MAGIC = 0x8199e26d;
const WORD_BYTES = 4;
const TERMINATOR = -1;

type Namespace = {
  readonly db: string;
  readonly collection: string;
  readonly isEnd: boolean;
  readonly crc: bigint;
};

type Open = { readonly sum: Crc64; count: number };

/** The documents of the wanted collections. Errors: ARGUMENT_INVALID for a file that is broken or cut off. */
export async function* readArchive(
  path: string,
  collections: ReadonlySet<string>,
): AsyncGenerator<SourceRecord> {
  const reader = new ByteReader(readBytes(path));
  await reader.take(WORD_BYTES);
  for await (const _ of block(reader, path));
  const open = new Map<string, Open>();
  for (;;) {
    const header = await readHeader(reader, path);
    if (header === undefined) break;
    const name = `${header.db}.${header.collection}`;
    const state = open.get(name) ?? { sum: new Crc64(), count: 0 };
    open.set(name, state);
    for await (const bytes of block(reader, path)) {
      state.sum.add(bytes);
      state.count += 1;
      if (!collections.has(header.collection)) continue;
      const place = `${name} document ${state.count}`;
      yield toRecord(bytes, { collection: header.collection, place });
    }
    if (!header.isEnd) continue;
    if (header.crc !== state.sum.value())
      throw broken(path, reader.offset, `the sum of ${name} is not that of its documents`);
    open.delete(name);
  }
  const [left] = open.keys();
  if (left !== undefined) throw broken(path, reader.offset, `the archive ends before ${left} does`);
}

/** The documents up to the end of a block. */
async function* block(reader: ByteReader, path: string): AsyncGenerator<Buffer> {
  for (;;) {
    const word = await reader.peek(WORD_BYTES);
    if (word.length < WORD_BYTES)
      throw broken(path, reader.offset, 'the archive ends within a block');
    if (word.readInt32LE(0) === TERMINATOR) {
      await reader.take(WORD_BYTES);
      return;
    }
    const bytes = await takeDocument(reader, path);
    if (bytes === undefined) return;
    yield bytes;
  }
}

async function readHeader(reader: ByteReader, path: string): Promise<Namespace | undefined> {
  const { offset } = reader;
  const bytes = await takeDocument(reader, path);
  if (bytes === undefined) return undefined;
  try {
    const fields = deserialize(bytes, { useBigInt64: true });
    const { db, collection, EOF: isEnd, CRC: crc } = fields as Record<string, unknown>;
    if (typeof db !== 'string' || typeof collection !== 'string') throw new Error('no namespace');
    const sum = typeof crc === 'bigint' ? crc : BigInt(Number(crc ?? 0));
    return { db, collection, isEnd: isEnd === true, crc: sum };
  } catch (error) {
    throw broken(path, offset, `the name of a collection is expected (${String(error)})`);
  }
}
