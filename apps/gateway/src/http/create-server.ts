/**
 * The HTTP server: every request is checked, spanned and answered here, whatever its route.
 *
 * 1. A request has one SERVER span, from its headers to the close of its answer.
 * 2. Nothing is read or called for a request that may come from a foreign page.
 * 3. Every error is a problem document; it says no more than its FloeError.
 */
import type { FloeError } from '@floe/errors';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log, OpenSpan, Telemetry } from '@floe/telemetry';
import { ROUTES } from '../routes/index.ts';
import { answerRoute } from './answer-route.ts';
import type { AnswerContext } from './answer-route.ts';
import { isConsoleView, serveConsole } from './console-files.ts';
import { checkOrigin } from './loopback.ts';
import { PROBLEM_TYPE, toProblem, toRefusal } from './problem.ts';
import { endRequestSpan, openRequestSpan, traceIdOf } from './request-span.ts';
import { toRouterPath, unknownRoute } from './route-match.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { writeJson } from './write-json.ts';

export type ServerOptions = {
  readonly context: AnswerContext;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Where the built console is; its place in the workspace when absent. */
  readonly consoleFolder: string | undefined;
};

// A workflow document is at most this long.
const BODY_BYTES_MAX = 1024 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
// A client that is slower with a request of 1 MiB holds a socket for nothing.
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
// Longer than any name or id, shorter than a line.
const PARAMETER_CHARACTERS_MAX = 512;

const METHOD_NOT_ALLOWED = 405;

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

const ROUTE_OF_ROUTER_PATH = new Map(ROUTES.map((route) => [toRouterPath(route.path), route.path]));

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log } = options;
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => {
      void sendProblem(error, { request, reply, log });
    },
  });
  const spans = new RequestSpans(options.telemetry);
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, (_, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const open = spans.open(request, reply);
    reply.headers({ ...SECURITY_HEADERS, 'x-trace-id': traceIdOf(open) });
    const { method, headers } = request;
    checkOrigin({ method, host: headers.host, origin: headers.origin });
  });
  app.setErrorHandler((thrown, request, reply) => {
    spans.fail(request, thrown);
    return sendProblem(thrown, { request, reply, log });
  });
  addRoutes(app, options.context, spans);
  const hasConsole = await serveConsole(app, options.consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    if (hasConsole && isConsoleView(request.method, path)) return reply.sendFile('index.html');
    const error = unknownRoute(request.method, path);
    const allowed = error.details['methods'];
    if (allowed === undefined) return sendProblem(error, { request, reply, log });
    return sendError(error, METHOD_NOT_ALLOWED, { request, reply: reply.header('allow', allowed) });
  });
  return app;
}

function addRoutes(app: FastifyInstance, context: AnswerContext, spans: RequestSpans): void {
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: toRouterPath(route.path),
      handler: (request, reply) =>
        spans.within(request, () => answerRoute(route, context, { request, reply })),
    });
  }
}

type Exchange = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly log: Log;
};

function sendProblem(thrown: unknown, { request, reply, log }: Exchange): FastifyReply {
  const { error, status } = toRefusal(thrown, log);
  return sendError(error, status, { request, reply });
}

function sendError(
  error: FloeError,
  status: number,
  { request, reply }: Pick<Exchange, 'request' | 'reply'>,
): FastifyReply {
  const problem = toProblem(error, pathOf(request), status);
  return reply.status(status).type(PROBLEM_TYPE).send(writeJson(problem));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}

/** The span of each request (1). Requests that are gone take theirs with them. */
class RequestSpans {
  readonly #telemetry: Telemetry;
  readonly #spans = new WeakMap<FastifyRequest, OpenSpan>();
  readonly #failures = new WeakMap<FastifyRequest, unknown>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  open(request: FastifyRequest, reply: FastifyReply): OpenSpan {
    const open = openRequestSpan(this.#telemetry, {
      method: request.method,
      route: ROUTE_OF_ROUTER_PATH.get(request.routeOptions.url ?? ''),
      path: pathOf(request),
      scheme: request.protocol,
      traceparent: headerOf(request, 'traceparent'),
      userAgent: request.headers['user-agent'],
    });
    this.#spans.set(request, open);
    reply.raw.once('close', () => {
      endRequestSpan(open, reply.statusCode, this.#failures.get(request));
    });
    return open;
  }

  fail(request: FastifyRequest, thrown: unknown): void {
    this.#failures.set(request, thrown);
  }

  within<Result>(request: FastifyRequest, body: () => Result): Result {
    const open = this.#spans.get(request);
    return open === undefined ? body() : open.within(body);
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
