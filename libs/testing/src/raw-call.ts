import { once } from 'node:events';
import { connect } from 'node:http2';

export type RawAnswer = {
  /** The gRPC status; undefined when the connection broke without one. */
  readonly status: number | undefined;
  readonly message: string;
};

// Longer than a server that is busy with other things; a call that is not answered then is a failure.
const ANSWER_WITHIN_MS = 20_000;

/** The frame of gRPC around a message: not compressed, with its length. */
export function frame(message: Uint8Array, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** Sends bytes to a method as they are, right or wrong. `path` is like `/floe.v1.SchedulerService/StartRun`. */
export async function rawCall(address: string, path: string, bytes: Buffer): Promise<RawAnswer> {
  const session = connect(`http://${address}`);
  // What breaks is told by the stream as well.
  session.on('error', () => {});
  try {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const ended: Record<string, string | string[] | number | undefined> = {};
    stream.on('response', (headers) => Object.assign(ended, headers));
    stream.on('trailers', (trailers) => Object.assign(ended, trailers));
    stream.on('error', () => {});
    stream.on('data', () => {});
    stream.end(bytes);
    await once(stream, 'close', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const status = ended['grpc-status'];
    const message = decodeURIComponent([ended['grpc-message'] ?? ''].flat().join(''));
    return { status: status === undefined ? undefined : Number(status), message };
  } finally {
    session.destroy();
  }
}
