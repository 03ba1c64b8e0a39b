import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';

/** The packings of an answer that are undone here, as `accept-encoding` says them. */
export const ACCEPTED_ENCODINGS = 'gzip, br, zstd';

/** More came than was asked for. */
export class BodyTooLarge extends Error {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super(`the answer has more than ${bytesMax} bytes`);
    this.bytesMax = bytesMax;
  }
}

const UNPACK: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The body, unpacked. The bound counts what comes out, so that a small answer cannot become a large one. A caller that
 * stops reading ends the connection. Throws BodyTooLarge, or what Node says of a connection that was cut.
 */
export async function* readBody(
  response: IncomingMessage,
  bytesMax: number,
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  try {
    for await (const chunk of unpacked(response)) {
      const buffer = chunk as Buffer;
      bytes += buffer.byteLength;
      if (bytes > bytesMax) throw new BodyTooLarge(bytesMax);
      yield buffer;
    }
  } finally {
    response.destroy();
  }
}

function unpacked(response: IncomingMessage): Readable {
  const packing = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (packing === 'identity' || packing === '') return response;
  const unpack = UNPACK[packing];
  if (unpack === undefined) throw new Error(`the answer is packed as ${JSON.stringify(packing)}`);
  // An error of either reaches the reader, as that of the last.
  return pipeline(response, unpack(), () => undefined);
}

/** At most so many bytes of the beginning, for people; what goes wrong on the way ends it. */
export async function readBeginning(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of readBody(response, Infinity)) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= bytesMax) break;
    }
  } catch {
    // What came until then is all there is to show.
  }
  return Buffer.concat(chunks).subarray(0, bytesMax);
}
