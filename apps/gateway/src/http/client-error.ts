import type { Socket } from 'node:net';
import { FloeError } from '@floe/errors';
import { PROBLEM_TYPE, toProblem } from './problem.ts';
import { writeJson } from './write-json.ts';

type Refusal = { readonly status: string; readonly error: FloeError };

/** Answers what is no HTTP request, or not in time, as every other error is answered, and ends the connection. */
export function answerClientError(thrown: NodeJS.ErrnoException, socket: Socket): void {
  if (thrown.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error } = toRefusal(thrown.code);
  const body = writeJson(toProblem(error, '', Number(status.split(' ')[0])));
  const head = [
    `HTTP/1.1 ${status}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function toRefusal(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const error = new FloeError('LIMIT_EXCEEDED', 'the headers of the request are above 16 KiB');
    return { status: '431 Request Header Fields Too Large', error };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const error = new FloeError('DEADLINE_EXCEEDED', 'the request took too long to arrive');
    return { status: '408 Request Timeout', error };
  }
  const error = new FloeError('ARGUMENT_INVALID', 'what was sent is no HTTP request');
  return { status: '400 Bad Request', error };
}
