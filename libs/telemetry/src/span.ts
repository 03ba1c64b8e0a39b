import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes as ApiAttributes, Context, Link, Span } from '@opentelemetry/api';
import { FloeError } from '@floe/errors';
import { ATTRIBUTE } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { activeContext, contextWithParent, withContext } from './current-context.ts';
import { currentTelemetry, startUnrecordedSpan } from './telemetry.ts';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';

export type Kind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export const SPAN_KINDS: Readonly<Record<Kind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

export type SpanOptions = {
  readonly kind?: Kind;
  readonly attributes?: Attributes;
  /** Spans that caused this one without being its parent, as `traceparent`. Malformed ones are left out. */
  readonly links?: readonly string[];
  /**
   * The parent as a `traceparent`. Absent: the span that runs now. Null or malformed: none, the span is a root;
   * what comes from outside cannot break a trace of ours.
   */
  readonly parent?: string | null;
};

/** A span that was opened and must be ended by whoever opened it. */
export type OpenSpan = {
  readonly traceparent: string;
  /** Runs code with this span as the parent of what it starts. */
  within<Result>(body: () => Result): Result;
  setAttributes(attributes: Attributes): void;
  addEvent(name: string, attributes?: Attributes): void;
  /** Marks the span failed and keeps the exception as an event. */
  fail(thrown: unknown): void;
  end(): void;
};

/** Opens a span for work that is no single function call, like a stream. Prefer `span`. */
export function openSpan(name: string, options: SpanOptions = {}): OpenSpan {
  const context = parentContext(options);
  const apiSpan = startApiSpan(name, options, context);
  return {
    traceparent: formatTraceparent(apiSpan.spanContext()),
    within: (body) => withContext(trace.setSpan(context, apiSpan), body),
    setAttributes: (attributes) => void apiSpan.setAttributes(present(attributes)),
    addEvent: (event, attributes = {}) => void apiSpan.addEvent(event, present(attributes)),
    fail: (thrown) => recordFailure(apiSpan, thrown),
    end: () => apiSpan.end(),
  };
}

/**
 * Runs the body inside a new span and ends the span when the body has settled. What the body throws marks the span
 * failed and is thrown on.
 */
export async function span<Result>(
  name: string,
  options: SpanOptions,
  body: (open: OpenSpan) => Result | Promise<Result>,
): Promise<Result> {
  const open = openSpan(name, options);
  try {
    return await open.within(async () => body(open));
  } catch (thrown) {
    open.fail(thrown);
    throw thrown;
  } finally {
    open.end();
  }
}

function parentContext(options: SpanOptions): Context {
  return options.parent === undefined
    ? activeContext()
    : contextWithParent(options.parent ?? undefined);
}

function startApiSpan(name: string, options: SpanOptions, context: Context): Span {
  const telemetry = currentTelemetry();
  if (telemetry === undefined) return startUnrecordedSpan(context);
  const details = {
    kind: SPAN_KINDS[options.kind ?? 'internal'],
    attributes: present(options.attributes ?? {}),
    links: (options.links ?? []).flatMap(toLink),
  };
  return telemetry.startSpan(name, details, context);
}

function toLink(traceparent: string): Link[] {
  const linked = parseTraceparent(traceparent);
  return linked === undefined ? [] : [{ context: linked }];
}

/** Attributes as OpenTelemetry takes them: without the undefined ones, arrays copied to be mutable. */
export function present(attributes: Attributes): ApiAttributes {
  const result: ApiAttributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined)
      result[name] = typeof value === 'object' ? ([...value] as string[]) : value;
  }
  return result;
}

function recordFailure(apiSpan: Span, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const type = error instanceof FloeError ? error.code : error.name;
  apiSpan.recordException({ name: type, message: error.message, stack: error.stack ?? '' });
  apiSpan.setAttribute(ATTRIBUTE.errorType, type);
  apiSpan.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
