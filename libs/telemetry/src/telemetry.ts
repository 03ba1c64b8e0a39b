/**
 * The telemetry of one service in this process.
 *
 * Owns: the exporter, its bounded queue, and the list of services that were started here (several in `floe up`).
 * 1. Without an OTLP endpoint nothing is recorded or queued; ids are still made and passed on.
 * 2. A span belongs to the service whose `within` it runs in, else to the service that started last.
 * 3. The queue is bounded: a collector that is down costs spans, never memory and never a caller's time.
 * 4. `flush` and `stop` end within their bound, whatever the collector does.
 */
import type { FloeError } from '@floe/errors';
import { trace } from '@opentelemetry/api';
import type { Context, Span, SpanOptions as ApiSpanOptions } from '@opentelemetry/api';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { activeOwner, contextWithOwner, withContext } from './current-context.ts';
import { Metrics, type Refusal } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { readTelemetrySettings } from './telemetry-settings.ts';
import type { Environment } from './telemetry-settings.ts';
import { newSpanId, newTraceId } from './trace-context.ts';

// A service that stops waits no longer than this for its collector: a person holds Ctrl-C.
const FLUSH_LIMIT_MS = 2_000;

export type TelemetryOptions = {
  /** Like `floe-scheduler`. */
  readonly serviceName: string;
  /** Distinguishes the processes of a service; a UUID. */
  readonly instanceId: string;
  readonly version: string;
  /** Where the `OTEL_*` variables are read; the process's own when absent. */
  readonly environment?: Environment;
  /** Told at most once a minute that spans are not accepted. */
  readonly onProblem?: (error: FloeError) => void;
};

export class Telemetry {
  readonly resource: Resource;
  readonly metrics: Metrics;
  readonly #pipeline: Pipeline | undefined;

  constructor(resource: Resource, pipeline: Pipeline | undefined) {
    this.resource = resource;
    this.metrics = new Metrics(resource);
    this.#pipeline = pipeline;
  }

  /** Runs the body as this service: its spans carry this service's name. */
  within<Result>(body: () => Result): Result {
    return withContext(contextWithOwner(this), body);
  }

  get isExporting(): boolean {
    return this.#pipeline !== undefined;
  }

  startSpan(name: string, options: ApiSpanOptions, parent: Context): Span {
    return this.#pipeline === undefined
      ? startUnrecordedSpan(parent)
      : this.#pipeline.tracer.startSpan(name, options, parent);
  }

  enqueue(span: ReadableSpan): void {
    this.#pipeline?.processor.onEnd(span);
  }

  /** Resolves when the collector has accepted the spans, at once without one. Rejects with TELEMETRY_UNAVAILABLE. */
  async exportNow(spans: ReadableSpan[]): Promise<void> {
    if (this.#pipeline !== undefined && spans.length > 0) await this.#pipeline.exportNow(spans);
  }

  /** Sends what is queued. Ends within 2 s; spans that the collector did not take are dropped. */
  async flush(): Promise<void> {
    if (this.#pipeline !== undefined) await settleWithin(this.#pipeline.processor.forceFlush());
  }

  /** Flushes and closes. Spans started later are not recorded. */
  async stop(): Promise<void> {
    started.delete(this);
    await this.metrics.stop();
    if (this.#pipeline !== undefined) await settleWithin(this.#pipeline.processor.shutdown());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Services in the order of their start; the last one takes the spans that run in no `within`. */
const started = new Set<Telemetry>();

/**
 * Starts the telemetry of a service from the standard `OTEL_*` variables.
 * Throws CONFIGURATION_INVALID when one of them has a wrong value.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { traces: settings } = readTelemetrySettings(options.environment ?? process.env);
  const resource = createResource(options);
  const { onProblem } = options;
  // The exporters are a hundred modules, which a start without a collector does not wait for.
  const pipeline =
    settings && (await import('./pipeline.ts')).createPipeline({ settings, resource, onProblem });
  const telemetry = new Telemetry(resource, pipeline);
  started.add(telemetry);
  return telemetry;
}

/** The service that the running code belongs to, if any was started. */
export function currentTelemetry(): Telemetry | undefined {
  const owner = activeOwner();
  if (owner instanceof Telemetry) return owner;
  return [...started].at(-1);
}

/** Counts what was refused, for the service that the running code belongs to. Without one nobody asks. */
export function countRefusal(refusal: Refusal, count = 1): void {
  if (count > 0) currentTelemetry()?.metrics.countRefusal(refusal, count);
}

/** A span that only has an identity, so that a trace goes on through a process that exports nothing. */
export function startUnrecordedSpan(parent: Context): Span {
  const parentSpan = trace.getSpanContext(parent);
  return trace.wrapSpanContext({
    traceId: parentSpan?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    traceFlags: parentSpan?.traceFlags ?? 1,
  });
}

function createResource(options: TelemetryOptions): Resource {
  const fromEnvironment = detectResources({ detectors: [envDetector] });
  return fromEnvironment.merge(
    resourceFromAttributes({
      'service.namespace': 'floe',
      'service.name': options.serviceName,
      'service.instance.id': options.instanceId,
      'service.version': options.version,
    }),
  );
}

/** A failed or late flush loses spans and nothing else: its failure was reported by the exporter. */
async function settleWithin(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_LIMIT_MS);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
