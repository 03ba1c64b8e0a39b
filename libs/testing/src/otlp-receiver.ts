import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import { readTraceRequest } from './otlp-wire.ts';
import { spansOf } from './received-span.ts';
import type { ReceivedSpan } from './received-span.ts';

/** A collector for tests: it takes spans as collectors do, and keeps them. */
export type OtlpReceiver = {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT with `http/protobuf` or `http/json`. */
  readonly httpUrl: string;
  /** For OTEL_EXPORTER_OTLP_ENDPOINT with `grpc`. */
  readonly grpcUrl: string;
  /** All spans so far, in the order of their arrival. */
  spans(): readonly ReceivedSpan[];
  /** The spans whose parent has not arrived. */
  orphans(): readonly ReceivedSpan[];
  /** Waits until the spans pass the check; throws with their names when they do not in time. */
  waitFor(check: (spans: readonly ReceivedSpan[]) => boolean, withinMs: number): Promise<void>;
  stop(): Promise<void>;
};

// A test that makes more has lost its way; memory stays below some 100 MiB.
const SPANS_MAX = 100_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const CHECK_EVERY_MS = 10;

/** Starts a collector on two free ports of loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const keep = (received: ReceivedSpan[]) => {
    if (spans.length + received.length > SPANS_MAX) {
      throw new FloeError('LIMIT_EXCEEDED', `a test sent more than ${SPANS_MAX} spans`);
    }
    spans.push(...received);
  };
  const http = await startHttp(keep);
  const grpc = await startGrpc(keep);
  return {
    httpUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    grpcUrl: `http://127.0.0.1:${grpc.port}`,
    spans: () => spans,
    orphans: () => orphansOf(spans),
    waitFor: (check, withinMs) => waitFor(spans, check, withinMs),
    stop: async () => {
      grpc.server.forceShutdown();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

type Keep = (received: ReceivedSpan[]) => void;

async function startHttp(keep: Keep): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(request, response, keep));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  keep: Keep,
): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (request.method !== 'POST' || request.url !== '/v1/traces') {
    response.writeHead(404).end();
    return;
  }
  try {
    const body = await readBody(request);
    const isJson = type.startsWith('application/json');
    keep(spansOf(isJson ? JSON.parse(body.toString('utf8')) : readTraceRequest(body)));
    response.writeHead(200, { 'content-type': type }).end(isJson ? '{}' : '');
  } catch (thrown) {
    response.writeHead(400).end(String(thrown));
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new FloeError('LIMIT_EXCEEDED', 'the request is too large');
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const isPacked = request.headers['content-encoding'] === 'gzip';
  return isPacked ? gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }) : body;
}

const EXPORT = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
} as const;

async function startGrpc(keep: Keep): Promise<{ server: GrpcServer; port: number }> {
  const server = new GrpcServer({ 'grpc.max_receive_message_length': BODY_BYTES_MAX });
  const handle: handleUnaryCall<Buffer, Buffer> = (call, respond) => {
    keep(spansOf(readTraceRequest(call.request)));
    respond(null, Buffer.alloc(0));
  };
  server.addService({ export: EXPORT }, { export: handle });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, port };
}

function orphansOf(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const known = new Set(spans.map((span) => `${span.traceId} ${span.spanId}`));
  return spans.filter(
    ({ traceId, parentSpanId }) =>
      parentSpanId !== undefined && !known.has(`${traceId} ${parentSpanId}`),
  );
}

async function waitFor(
  spans: readonly ReceivedSpan[],
  check: (spans: readonly ReceivedSpan[]) => boolean,
  withinMs: number,
): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!check(spans)) {
    if (Date.now() > deadlineMs) {
      const names = spans.map((span) => `${span.service}: ${span.name}`).join('\n  ');
      throw new FloeError('DEADLINE_EXCEEDED', `the spans are not there; these are:\n  ${names}`);
    }
    await delay(CHECK_EVERY_MS);
  }
}
