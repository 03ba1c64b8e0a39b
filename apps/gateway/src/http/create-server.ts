/**
 * The HTTP server: every request is checked, spanned and answered here, whatever its route.
 *
 * 1. A request has one SERVER span, from its headers to the close of its answer.
 * 2. Nothing is read or called for a request that may come from a foreign page, or from nobody who may send it.
 * 3. Every error is a problem document; it says no more than its FloeError.
 */
import type { RequestListener } from 'node:http';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import websocket from '@fastify/websocket';
import { FloeError } from '@floe/errors';
import { fastify } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest, onSendHookHandler } from 'fastify';
import type { Log, Telemetry } from '@floe/telemetry';
import { addLegacyRoutes } from '../legacy/routes.ts';
import { ROUTES } from '../routes/index.ts';
import type { GatewayCertificate } from '../tls/gateway-certificate.ts';
import { answerRoute, answerSocket } from './answer-route.ts';
import type { AnswerContext } from './answer-route.ts';
import { answerClientError } from './client-error.ts';
import { isConsoleView, serveConsole } from './console-files.ts';
import { addGuard } from './guard.ts';
import type { GuardOptions } from './guard.ts';
import {
  BODY_BYTES_MAX,
  CONNECTIONS_MAX,
  HEADERS_TIMEOUT_MS,
  HEADER_BYTES_MAX,
  KEEP_ALIVE_TIMEOUT_MS,
  PARAMETER_CHARACTERS_MAX,
  REQUEST_TIMEOUT_MS,
} from './limits.ts';
import { isLoopbackHost } from './origin.ts';
import { RequestSpans, pathOf } from './request-spans.ts';
import { toRouterPath, unknownRoute } from './route-match.ts';
import { HSTS, SECURITY_HEADERS } from './security-headers.ts';
import { sendError, sendProblem } from './send-problem.ts';
import { chooseProtocol } from './socket-events.ts';

export type ServerOptions = {
  readonly context: AnswerContext;
  readonly guard: Omit<GuardOptions, 'traceIdOf'>;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Where the built console is; its place in the workspace when absent. */
  readonly consoleFolder: string | undefined;
  /** With it HTTPS is spoken. */
  readonly certificate?: GatewayCertificate | undefined;
};

const FORBIDDEN = 403;
const METHOD_NOT_ALLOWED = 405;
const NO_CONTENT = 204;

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

// Whoever listens on a WebSocket has nothing to say.
const INCOMING_BYTES_MAX = 1_024;

// Smaller answers fit into a packet as they are.
const COMPRESSED_BYTES_MIN = 1_024;
// The default of brotli, 11, takes a hundred times as long for a few percent.
const BROTLI_QUALITY = 4;

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log, certificate } = options;
  const app = createApp(log, certificate);
  const spans = new RequestSpans(options.telemetry);
  app.addHook('onRequest', async (request, reply) => {
    spans.open(request, reply);
    const hsts = certificate !== undefined && !isLoopbackHost(request.hostname) ? HSTS : {};
    reply.headers({ ...SECURITY_HEADERS, ...hsts, 'x-trace-id': spans.traceIdOf(request) });
  });
  await app.register(websocket, {
    options: { maxPayload: INCOMING_BYTES_MAX, handleProtocols: chooseProtocol },
  });
  await addGuard(app, {
    ...options.guard,
    traceIdOf: (request) => spans.traceIdOf(request),
  });
  app.setErrorHandler((thrown, request, reply) => {
    if (isNoFile(thrown)) {
      const error = unknownRoute(request.method, pathOf(request));
      return sendProblem(error, { request, reply, log });
    }
    spans.fail(request, thrown);
    return sendProblem(thrown, { request, reply, log });
  });
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: COMPRESSED_BYTES_MIN,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    globalDecompression: false,
  });
  weakenPackedTags(app);
  addRoutes(app, options.context, spans);
  await addLegacyRoutes(app, { ...options.context, now: () => Date.now() });
  const sendPage = await serveConsole(app, options.consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    if (sendPage !== undefined && isConsoleView(request.method, path)) return sendPage(reply);
    const error = unknownRoute(request.method, path);
    const allowed = error.details['methods'];
    if (allowed === undefined) return sendProblem(error, { request, reply, log });
    void reply.header('allow', allowed.replaceAll(',', ', '));
    if (request.method === 'OPTIONS') return reply.status(NO_CONTENT).send();
    return sendError(error, METHOD_NOT_ALLOWED, { request, reply });
  });
  return app;
}

/** Packed bytes are others than those that a strong tag stands for (RFC 9110, 8.8.3). */
function weakenPackedTags(app: FastifyInstance): void {
  const weaken: onSendHookHandler = (_, reply, payload, done) => {
    const tag = reply.getHeader('etag');
    const isPacked = reply.hasHeader('content-encoding');
    if (isPacked && typeof tag === 'string' && tag.startsWith('"'))
      reply.header('etag', `W/${tag}`);
    done(null, payload);
  };
  // Behind what packs: that adds itself to each route in the same way.
  app.addHook('onRoute', (route) => {
    route.onSend = [...[route.onSend ?? []].flat(), weaken];
  });
}

/** What serves the console's files says so of a path that leads out of its folder, or is longer than any file system takes. */
function isNoFile(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, 'statusCode') === FORBIDDEN;
}

const HTTP_LIMITS = { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS };

function createApp(log: Log, certificate: GatewayCertificate | undefined): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    ...serverOptions(certificate),
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => {
      void sendProblem(error, { request, reply, log });
    },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, (_, body, done) => done(null, body));
  // A packed body could be a million times what it looks like; what Floe takes is small anyway.
  app.addHook('preParsing', async (request, _, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    throw new FloeError('ARGUMENT_INVALID', `the body of the request is packed with ${encoding}`, {
      hint: 'Send it as it is.',
    });
  });
  return app;
}

/** What is made elsewhere is not given its limits by fastify. */
function serverOptions(certificate: GatewayCertificate | undefined) {
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
  if (certificate === undefined) return { ...timeouts, http: HTTP_LIMITS };
  const serverFactory = (listener: RequestListener) =>
    certificate.createServer({ ...HTTP_LIMITS, ...timeouts }, listener);
  return { ...timeouts, serverFactory };
}

function addRoutes(app: FastifyInstance, context: AnswerContext, spans: RequestSpans): void {
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: toRouterPath(route.path),
      config: { scope: route.scope, operation: route.name },
      // A stream without its events says nothing.
      exposeHeadRoute: route.kind !== 'stream',
      ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
      handler: (request, reply) =>
        spans.within(request, () => answerRoute(route, context, { request, reply })),
      ...(route.kind === 'stream' && {
        wsHandler: (socket: WebSocket, request: FastifyRequest) =>
          spans.within(request, () => answerSocket(route, context, { request, socket })),
      }),
    });
  }
}
