import { ROOT_CONTEXT, createContextKey, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * The context of the code that runs now. It is ours and not OpenTelemetry's global one: a library that is imported
 * next to Floe must neither see nor replace it.
 */
const contexts = new AsyncLocalStorageContextManager();
const OWNER = createContextKey('floe telemetry');

export function activeContext(): Context {
  return contexts.active() ?? ROOT_CONTEXT;
}

export function withContext<Result>(context: Context, body: () => Result): Result {
  return contexts.with(context, body);
}

export function contextWithOwner(owner: object): Context {
  return activeContext().setValue(OWNER, owner);
}

/** The Telemetry handle that code inside `handle.within` belongs to. */
export function activeOwner(): unknown {
  return activeContext().getValue(OWNER);
}

/** The context with this span as the parent of what follows; a malformed or absent one clears the parent. */
export function contextWithParent(traceparent: string | undefined): Context {
  const parent = parseTraceparent(traceparent);
  if (parent === undefined) return trace.deleteSpan(activeContext());
  return trace.setSpanContext(activeContext(), { ...parent, isRemote: true });
}

/** The span that runs now, for what stores or sends its identity. Undefined outside of any span. */
export function currentTrace(): TraceContext | undefined {
  const active = trace.getSpanContext(activeContext());
  if (active === undefined) return undefined;
  return { traceId: active.traceId, spanId: active.spanId, traceFlags: active.traceFlags };
}

/** The W3C `traceparent` to put into headers. Undefined outside of any span. */
export function currentTraceparent(): string | undefined {
  const active = currentTrace();
  return active === undefined ? undefined : formatTraceparent(active);
}

/** Runs the body as a child of a remote or stored span. A malformed or absent traceparent starts from no parent. */
export function withTraceparent<Result>(
  traceparent: string | undefined,
  body: () => Result,
): Result {
  return withContext(contextWithParent(traceparent), body);
}
