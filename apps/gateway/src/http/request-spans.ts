import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenSpan, Telemetry } from '@floe/telemetry';
import { ROUTES } from '../routes/index.ts';
import { endRequestSpan, openRequestSpan, traceIdOf } from './request-span.ts';
import { toRouterPath } from './route-match.ts';

const ROUTE_OF_ROUTER_PATH = new Map(ROUTES.map((route) => [toRouterPath(route.path), route.path]));

/** The span of each request. Requests that are gone take theirs with them. */
export class RequestSpans {
  readonly #telemetry: Telemetry;
  readonly #spans = new WeakMap<FastifyRequest, OpenSpan>();
  readonly #failures = new WeakMap<FastifyRequest, unknown>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** Ends with the answer. */
  open(request: FastifyRequest, reply: FastifyReply): void {
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
      const actor = request.caller?.actor;
      if (actor !== undefined) open.setAttributes({ 'floe.actor': actor });
      endRequestSpan(open, reply.statusCode, this.#failures.get(request));
    });
  }

  fail(request: FastifyRequest, thrown: unknown): void {
    this.#failures.set(request, thrown);
  }

  within<Result>(request: FastifyRequest, body: () => Result): Result {
    const open = this.#spans.get(request);
    return open === undefined ? body() : open.within(body);
  }

  traceIdOf(request: FastifyRequest): string {
    const open = this.#spans.get(request);
    return open === undefined ? '' : traceIdOf(open);
  }
}

/** The path without the query, which may hold anything. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
