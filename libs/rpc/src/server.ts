/**
 * A gRPC server on one address.
 *
 * Owns: the listening socket and every call on it. Health (grpc.health.v1) and reflection are always on.
 * 1. `stop` ends: streams at once, unary calls within the grace time, what is left by force.
 * 2. What a handler throws reaches the caller as a status with details; a bug only as an id that the log has.
 * 3. Messages above 4 MiB are refused in both directions.
 * 4. What is refused is counted.
 * 5. Beyond this machine nobody is answered without a certificate that is trusted.
 */
import { setImmediate } from 'node:timers/promises';
import { createServer } from 'node:net';
import { Server, logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type {
  ServerCredentials,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import type { Log, Telemetry } from '@floe/telemetry';
import { serviceName } from './contract.ts';
import { serverCredentials, type ServerSecurity } from './credentials.ts';
import type { RpcService } from './handlers.ts';
import { Health } from './health.ts';
import { MESSAGE_BYTES_MAX } from './message-limit.ts';
import { countUnread, withReadableRequests } from './refusals.ts';
import { addReflection } from './reflection.ts';
import { serveMethod } from './serve-call.ts';
import type { ServeContext } from './serve-call.ts';

export type RpcServerOptions = {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly services: readonly RpcService[];
  readonly log: Log;
  /** Whose spans the calls are, where one process runs several services. */
  readonly telemetry?: Telemetry;
  /** Throws while the services cannot work; absent where they always can. */
  readonly checkReady?: () => Promise<void>;
  /** On loopback anybody is answered when absent; elsewhere the server does not start. */
  readonly security?: ServerSecurity;
};

export type RpcServer = {
  /** `host:port` with the real port. */
  readonly address: string;
  /** Lets calls finish for up to 5 seconds. Safe to call twice. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

// As long as a caller should wait for an answer that is being made; systemd and Kubernetes wait longer than this.
const STOP_GRACE_MS = 5_000;
// Proxies and firewalls forget silent connections after minutes; a ping finds a dead peer within 40 s.
const KEEPALIVE_INTERVAL_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
// Clients of ours ping every 30 s; the default of 5 min would close their connections as abuse.
const CLIENT_PING_INTERVAL_MIN_MS = 10_000;

/** Starts a server. Throws PORT_TAKEN when the port is in use and CONFIGURATION_INVALID for an address it cannot use. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const credentials = serverCredentials(options.listen, options.security ?? {});
  const server = createGrpcServer(options.telemetry);
  const streamsEnd = new AbortController();
  const unaryEnd = new AbortController();
  const context: ServeContext = {
    log: options.log,
    telemetry: options.telemetry,
    streamsEnd: streamsEnd.signal,
    unaryEnd: unaryEnd.signal,
  };
  const names = options.services.map((service) => serviceName(service.contract));
  const { checkReady = async () => undefined } = options;
  const health = new Health(names, checkReady);
  for (const service of [...options.services, health.service()])
    addService(server, service, context);
  addReflection(server, [...names, 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection']);
  const address = await bind(server, options.listen, credentials);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopServer({ server, health, streamsEnd, unaryEnd }));
  return { address, stop, [Symbol.asyncDispose]: stop };
}

function createGrpcServer(telemetry: Telemetry | undefined): Server {
  // grpc-js prints lines of its own to stderr for what is thrown and reported here as well.
  setLogVerbosity(logVerbosity.NONE);
  return new Server({
    interceptors: [countUnread(telemetry)],
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
    'grpc.keepalive_time_ms': KEEPALIVE_INTERVAL_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.http2.min_ping_interval_without_data_ms': CLIENT_PING_INTERVAL_MIN_MS,
  });
}

function addService(server: Server, service: RpcService, context: ServeContext): void {
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service.contract)) {
    implementation[name] = serveMethod(method, service.handlers[name], context);
  }
  server.addService(withReadableRequests(service.contract) as ServiceDefinition, implementation);
}

async function bind(
  server: Server,
  listen: string,
  credentials: ServerCredentials,
): Promise<string> {
  try {
    const port = await bindPort(server, listen, credentials);
    return listen.replace(/:\d+$/, `:${port}`);
  } catch (thrown) {
    server.forceShutdown();
    throw await bindError(listen, thrown);
  }
}

function bindPort(server: Server, listen: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

/** grpc-js reports why it could not listen as text only; trying the same with a plain socket gives a code. */
async function bindError(listen: string, cause: unknown): Promise<FloeError> {
  const code = await listenProblem(listen);
  if (code === 'EADDRINUSE') {
    return new FloeError('PORT_TAKEN', `another process listens on ${listen}`, {
      cause,
      details: { address: listen },
      hint: 'stop the other process, or choose another port',
    });
  }
  return new FloeError(
    'CONFIGURATION_INVALID',
    `cannot listen on ${listen}: ${code ?? 'unknown'}`,
    {
      cause,
      details: { address: listen },
      hint: 'give a host and port of this machine, like 127.0.0.1:7402',
    },
  );
}

function listenProblem(listen: string): Promise<string | undefined> {
  const separator = listen.lastIndexOf(':');
  const host = listen.slice(0, separator).replace(/^\[|\]$/g, '');
  const port = Number(listen.slice(separator + 1));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return Promise.resolve('no such port');
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen({ host, port }, () => probe.close(() => resolve(undefined)));
  });
}

type Stopping = {
  readonly server: Server;
  readonly health: Health;
  readonly streamsEnd: AbortController;
  readonly unaryEnd: AbortController;
};

/** Invariant 1. */
async function stopServer({ server, health, streamsEnd, unaryEnd }: Stopping): Promise<void> {
  const reason = new FloeError('SERVICE_UNAVAILABLE', 'the server stops');
  health.stopServing();
  // One turn, so that watchers of the health are told before their streams end.
  await setImmediate();
  streamsEnd.abort(reason);
  const timer = setTimeout(() => {
    unaryEnd.abort(reason);
    server.forceShutdown();
  }, STOP_GRACE_MS);
  await new Promise<void>((resolve) => {
    server.tryShutdown(() => resolve());
  });
  clearTimeout(timer);
}
