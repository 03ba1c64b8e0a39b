import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { FloeError, saidOf } from '@floe/errors';

// As much as is decoded at once: memory stays at a few of these.
const CHUNK_BYTES = 1024 * 1024;
const GZIP_MAGIC = 0x1f8b;

/** The bytes of a file, unpacked when they are gzip, whatever the file is called. Errors: ARGUMENT_INVALID. */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const start = await firstBytes(path, 2);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const isPacked = start.length === 2 && start.readUInt16BE(0) === GZIP_MAGIC;
  try {
    if (!isPacked) {
      yield* file as AsyncIterable<Buffer>;
      return;
    }
    const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
    file.on('error', (error) => unpacked.destroy(error));
    yield* file.pipe(unpacked) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new FloeError('ARGUMENT_INVALID', `cannot read ${path}: ${reasonOf(cause)}`, { cause });
  } finally {
    file.destroy();
  }
}

/** The first bytes of a file as they lie there; fewer when it is shorter. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new FloeError('ARGUMENT_INVALID', `cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** The first bytes after unpacking. */
export async function firstUnpackedBytes(path: string, count: number): Promise<Buffer> {
  for await (const chunk of readBytes(path)) return chunk.subarray(0, count);
  return Buffer.alloc(0);
}

function reasonOf(cause: unknown): string {
  return saidOf(cause);
}
