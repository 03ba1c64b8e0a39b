/**
 * Spans that have ended before anything told OpenTelemetry about them.
 *
 * A run or task lives longer than the process that started it, so its span is kept as ids and times in PostgreSQL and
 * exported once, in one piece, when it ends. The record here is plain data, fit for an outbox row.
 */
import { SpanStatusCode } from '@opentelemetry/api';
import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import type { Attributes } from './attributes.ts';
import { SPAN_KINDS, present } from './span.ts';
import type { Kind } from './span.ts';
import { currentTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';
import { isSampled } from './trace-context.ts';

export type FinishedSpan = {
  readonly name: string;
  readonly kind: Kind;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the root of a trace. */
  readonly parentSpanId?: string;
  readonly traceFlags: number;
  /** Milliseconds since 1970; fractions are kept. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Attributes;
  readonly events?: readonly SpanEvent[];
  readonly links?: readonly SpanLink[];
  readonly status?: { readonly code: 'unset' | 'ok' | 'error'; readonly message?: string };
};

export type SpanEvent = {
  readonly name: string;
  readonly atMs: number;
  readonly attributes?: Attributes;
};

export type SpanLink = {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes?: Attributes;
};

/** Queues a finished span for export with the ids it already has. Unsampled spans are left out. */
export function emitSpan(finished: FinishedSpan): void {
  const telemetry = currentTelemetry();
  if (telemetry === undefined || !telemetry.isExporting || !isSampled(finished)) return;
  telemetry.enqueue(toReadableSpan(finished, telemetry));
}

/**
 * Exports finished spans and resolves when the collector has accepted them, so that their outbox rows may go.
 * Resolves at once when nothing is exported. Rejects with TELEMETRY_UNAVAILABLE.
 */
export async function emitSpansNow(finished: readonly FinishedSpan[]): Promise<void> {
  const telemetry = currentTelemetry();
  if (telemetry === undefined || !telemetry.isExporting) return;
  const sampled = finished.filter(isSampled);
  await telemetry.exportNow(sampled.map((one) => toReadableSpan(one, telemetry)));
}

function toReadableSpan(finished: FinishedSpan, telemetry: Telemetry): ReadableSpan {
  const own = spanContext(finished, finished.spanId);
  const startTime = millisToHrTime(finished.startMs);
  const endTime = millisToHrTime(finished.endMs);
  return {
    name: finished.name,
    kind: SPAN_KINDS[finished.kind],
    spanContext: () => own,
    ...(finished.parentSpanId === undefined
      ? {}
      : { parentSpanContext: spanContext(finished, finished.parentSpanId) }),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    ended: true,
    status: toStatus(finished.status),
    attributes: present(finished.attributes ?? {}),
    links: (finished.links ?? []).map((link) => toLink(link, finished.traceFlags)),
    events: (finished.events ?? []).map(toTimedEvent),
    resource: telemetry.resource,
    instrumentationScope: { name: 'floe' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function spanContext(finished: FinishedSpan, spanId: string): SpanContext {
  return { traceId: finished.traceId, spanId, traceFlags: finished.traceFlags };
}

const STATUS_CODES = {
  unset: SpanStatusCode.UNSET,
  ok: SpanStatusCode.OK,
  error: SpanStatusCode.ERROR,
} as const;

function toStatus(status: FinishedSpan['status']): SpanStatus {
  if (status === undefined) return { code: SpanStatusCode.UNSET };
  const code = STATUS_CODES[status.code];
  return status.message === undefined ? { code } : { code, message: status.message };
}

function toLink(link: SpanLink, traceFlags: number): Link {
  const context = { traceId: link.traceId, spanId: link.spanId, traceFlags };
  return { context, attributes: present(link.attributes ?? {}) };
}

function toTimedEvent(event: SpanEvent): TimedEvent {
  const time = millisToHrTime(event.atMs);
  return { name: event.name, time, attributes: present(event.attributes ?? {}) };
}
