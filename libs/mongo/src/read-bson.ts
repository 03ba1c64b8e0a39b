import { FloeError } from '@floe/errors';
import { toRecord } from './bson-document.ts';
import { ByteReader } from './byte-reader.ts';
import { BSON_BYTES_MAX } from './limits.ts';
import { readBytes } from './read-bytes.ts';
import type { SourceRecord } from './record.ts';

const LENGTH_BYTES = 4;
// A length and the zero at the end.
const BSON_BYTES_MIN = 5;

/** The documents of a `.bson` file of mongodump. One that is broken is told; a file that is cut off ends with an error. */
export async function* readBsonFile(
  path: string,
  collection: string,
): AsyncGenerator<SourceRecord> {
  const reader = new ByteReader(readBytes(path));
  for (let number = 1; ; number += 1) {
    const bytes = await takeDocument(reader, path);
    if (bytes === undefined) return;
    yield toRecord(bytes, { collection, place: `${collection}.bson document ${number}` });
  }
}

/** The bytes of the next document; undefined at the end. Errors: ARGUMENT_INVALID where there is no document. */
export async function takeDocument(reader: ByteReader, path: string): Promise<Buffer | undefined> {
  const start = await reader.peek(LENGTH_BYTES);
  if (start.length === 0) return undefined;
  const length = start.length < LENGTH_BYTES ? 0 : start.readInt32LE(0);
  if (length < BSON_BYTES_MIN || length > BSON_BYTES_MAX)
    throw broken(path, reader.offset, `no BSON document begins there (a length of ${length})`);
  const { offset } = reader;
  const bytes = await reader.take(length);
  if (bytes.length === length) return bytes;
  throw broken(path, offset, `the file ends within a document of ${length} bytes`);
}

export function broken(path: string, offset: number, reason: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `${path} is broken at byte ${offset}: ${reason}`, {
    hint: 'Make the dump again. What stood before is imported and will not be imported twice.',
  });
}
