import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FloeError, toFloeError } from '@floe/errors';
import { currentTelemetry } from '@floe/telemetry';
import { parseAddress } from './address.ts';

export const METRICS_PATH = '/metrics';
// Alive: the process answers, so a restart would bring nothing. Ready: it can do its work now.
const LIVENESS_PATH = '/healthz';
const READINESS_PATH = '/readyz';

// A scrape is one short request; who sends more, or slowly, is no Prometheus.
const REQUEST_WITHIN_MS = 5_000;
const HEADER_BYTES_MAX = 16 * 1024;

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

export type MetricsServer = AsyncDisposable & {
  /** `host:port` with the real port. */
  readonly address: string;
};

/** Answers with the numbers of the service of this process. Throws PORT_TAKEN or CONFIGURATION_INVALID. */
export async function startMetricsServer(
  listen: string,
  checkReady: () => Promise<void> = async () => undefined,
): Promise<MetricsServer> {
  const { host, port } = parseAddress(listen)!;
  const options = { requestTimeout: REQUEST_WITHIN_MS, maxHeaderSize: HEADER_BYTES_MAX };
  const server = createServer(options, (request, response) =>
    answer(request, response, checkReady),
  );
  server.listen({ host, port });
  await once(server, 'listening').catch((thrown: unknown) => {
    throw listenError(listen, thrown);
  });
  return {
    address: listen.replace(/:\d+$/, `:${portOf(server)}`),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  checkReady: () => Promise<void>,
): void {
  const path = request.method === 'GET' ? request.url : undefined;
  if (path === LIVENESS_PATH) return end(response, 200, 'alive\n');
  if (path === READINESS_PATH) {
    checkReady().then(
      () => end(response, 200, 'ready\n'),
      (error: unknown) => end(response, 503, `${toFloeError(error).message}\n`),
    );
    return;
  }
  if (path !== METRICS_PATH) {
    const known = [METRICS_PATH, LIVENESS_PATH, READINESS_PATH].join(', ');
    return end(response, 404, `only GET ${known} are here\n`);
  }
  const telemetry = currentTelemetry();
  const text = telemetry === undefined ? Promise.resolve('') : telemetry.metrics.text();
  text.then(
    (numbers) => end(response, 200, numbers),
    () => end(response, 500, 'the numbers cannot be read\n'),
  );
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': TEXT_FORMAT }).end(text);
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

function listenError(listen: string, cause: unknown): FloeError {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const details = { variable: 'FLOE_METRICS_LISTEN', address: listen };
  if (!isTaken)
    return new FloeError('CONFIGURATION_INVALID', `cannot listen on ${listen}`, { cause, details });
  return new FloeError('PORT_TAKEN', `another process listens on ${listen}`, {
    cause,
    details,
    hint: 'Give each process a port of its own in FLOE_METRICS_LISTEN.',
  });
}
