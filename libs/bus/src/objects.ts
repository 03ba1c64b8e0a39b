/**
 * Files in NATS's object store. Read and written as streams, so that memory stays flat whatever their size.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Objm, StorageType, type ObjectStore } from '@nats-io/obj';
import { FloeError } from '@floe/errors';
import type { Connection } from './connection.ts';
import { busUnavailable } from './nats-errors.ts';

export type ObjectSummary = { readonly name: string; readonly modifiedMs: number };

/** The files of one bucket. */
export type ObjectBucket = {
  /** Stores the file under the name, whole or not at all. Errors: BUS_UNAVAILABLE. */
  put(name: string, path: string): Promise<void>;
  /** Stores an object without content. Errors: BUS_UNAVAILABLE. */
  mark(name: string): Promise<void>;
  /** Writes the object into a new file. False when there is no such object. Errors: BUS_UNAVAILABLE. */
  get(name: string, path: string): Promise<boolean>;
  list(): Promise<readonly ObjectSummary[]>;
  remove(name: string): Promise<void>;
};

// Storing a gigabyte on a slow disk takes less; a server that is gone is noticed by the connection itself.
const PUT_WITHIN_MS = 300_000;
// The next piece of an object is there in milliseconds. One that is removed while it is read has no next piece.
const PIECE_WITHIN_MS = 20_000;

/** Opens the bucket, and makes it unless it is there. */
export function openObjectBucket(connection: Connection, bucket: string): ObjectBucket {
  let opened: Promise<ObjectStore> | undefined;
  const store = () => {
    opened ??= new Objm(connection.nats).create(bucket, { storage: StorageType.File });
    return opened;
  };
  /** A bucket that was lost with its server is made again by the next call. */
  const guarded = async <Result>(
    work: (objects: ObjectStore) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await connection.request(async () => work(await store()));
    } catch (thrown) {
      opened = undefined;
      throw thrown instanceof FloeError
        ? thrown
        : busUnavailable('the object store does not answer', thrown);
    }
  };
  return {
    put: (name, path) => guarded((objects) => putFile(objects, name, path)),
    mark: (name) =>
      guarded(async (objects) => {
        await objects.putBlob({ name }, new Uint8Array(0));
      }),
    get: (name, path) => guarded((objects) => getFile(objects, name, path)),
    list: () => guarded(listObjects),
    remove: (name) =>
      guarded(async (objects) => {
        await objects.delete(name);
      }),
  };
}

async function putFile(objects: ObjectStore, name: string, path: string): Promise<void> {
  const source = createReadStream(path);
  try {
    const data = Readable.toWeb(source) as ReadableStream<Uint8Array>;
    await objects.put({ name }, data, { timeout: PUT_WITHIN_MS });
  } finally {
    source.destroy();
  }
}

async function getFile(objects: ObjectStore, name: string, path: string): Promise<boolean> {
  const found = await objects.get(name);
  if (found === null) return false;
  // It is looked at below; until then a failure of it is that of the pieces as well.
  found.error.catch(() => {});
  const pieces = Readable.fromWeb(found.data as never);
  await pipeline(pieces, withoutStall, createWriteStream(path));
  // Resolves with undefined too, whatever its type says.
  const error: Error | null | undefined = await found.error;
  if (error != null) throw error;
  return true;
}

async function* withoutStall(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await within(iterator.next());
    if (done === true) return;
    yield value;
  }
}

async function within<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(STALLED)), PIECE_WITHIN_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const STALLED = `no piece of the object came for ${PIECE_WITHIN_MS / 1_000} s; was it removed?`;

async function listObjects(objects: ObjectStore): Promise<readonly ObjectSummary[]> {
  const all = await objects.list();
  return all
    .filter(({ deleted }) => !deleted)
    .map(({ name, mtime }) => ({ name, modifiedMs: Date.parse(mtime) }));
}
