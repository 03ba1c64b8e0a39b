import { randomBytes } from 'node:crypto';
import { parseTraceParent } from '@opentelemetry/core';

/** The identity of a span, as it travels. Ids are lower-case hex: 32 digits of trace, 16 of span. */
export type TraceContext = {
  readonly traceId: string;
  readonly spanId: string;
  /** The W3C flags byte; bit 0 says that the trace is sampled. */
  readonly traceFlags: number;
};

const SAMPLED = 1;

/** Reads a W3C `traceparent` (https://www.w3.org/TR/trace-context/). Undefined when absent or malformed. */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  if (text === undefined) return undefined;
  const parsed = parseTraceParent(text);
  if (parsed === null) return undefined;
  return { traceId: parsed.traceId, spanId: parsed.spanId, traceFlags: parsed.traceFlags };
}

/** Writes a W3C `traceparent`, version 00. */
export function formatTraceparent(trace: TraceContext): string {
  const flags = (trace.traceFlags & 0xff).toString(16).padStart(2, '0');
  return `00-${trace.traceId}-${trace.spanId}-${flags}`;
}

export function isSampled(trace: TraceContext): boolean {
  return (trace.traceFlags & SAMPLED) === SAMPLED;
}

/** A random trace id. All zeros is not an id; the chance of it is 2^-128. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}
