import { openSpan } from '@floe/telemetry';
import type { OpenSpan, Telemetry } from '@floe/telemetry';

/** A request as its span sees it. */
export type SpannedRequest = {
  readonly method: string;
  /** The route's path with its parameters in braces; undefined when no route took the request. */
  readonly route: string | undefined;
  readonly path: string;
  readonly scheme: string;
  readonly traceparent: string | undefined;
  readonly userAgent: string | undefined;
};

/**
 * Opens the SERVER span of a request; it continues the trace of the caller. Names and attributes follow
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/. The query is left out: it may hold anything.
 */
export function openRequestSpan(telemetry: Telemetry, request: SpannedRequest): OpenSpan {
  const name = request.route === undefined ? request.method : `${request.method} ${request.route}`;
  return telemetry.within(() =>
    openSpan(name, {
      kind: 'server',
      parent: request.traceparent ?? null,
      attributes: {
        'http.request.method': request.method,
        'http.route': request.route,
        'url.path': request.path,
        'url.scheme': request.scheme,
        'user_agent.original': request.userAgent,
      },
    }),
  );
}

// From here on the fault is the server's, and only such faults mark its span.
const SERVER_FAULT = 500;

export function endRequestSpan(open: OpenSpan, status: number, failure: unknown): void {
  open.setAttributes({ 'http.response.status_code': status });
  if (status >= SERVER_FAULT) open.fail(failure ?? new Error(`HTTP ${status}`));
  open.end();
}

/** The trace that an answer belongs to, for whoever reports a problem. */
export function traceIdOf(open: OpenSpan): string {
  return open.traceparent.split('-')[1] ?? '';
}
