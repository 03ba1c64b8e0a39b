/** The way of spans to a collector. It is loaded only where one is named. */
import { FloeError } from '@floe/errors';
import { context } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { createSampler, createSpanExporter } from './span-exporter.ts';
import type { TraceSettings } from './telemetry-settings.ts';

// One report a minute says that a collector is down; one a batch would drown the log.
const PROBLEM_INTERVAL_MS = 60_000;

export type Pipeline = {
  /** Resolves when the collector has accepted the spans. Rejects with TELEMETRY_UNAVAILABLE. */
  readonly exportNow: (spans: ReadableSpan[]) => Promise<void>;
  readonly processor: BatchSpanProcessor;
  readonly tracer: Tracer;
};

type PipelineOptions = {
  readonly settings: TraceSettings;
  readonly resource: Resource;
  readonly onProblem: ((error: FloeError) => void) | undefined;
};

export function createPipeline({ settings, resource, onProblem }: PipelineOptions): Pipeline {
  const exporter = createSpanExporter(settings);
  const processor = new BatchSpanProcessor({
    exporter: onProblem === undefined ? exporter : observe(exporter, settings.url, onProblem),
    scheduledDelayMillis: settings.exportDelayMs,
    maxQueueSize: settings.queueLimit,
    maxExportBatchSize: settings.batchLimit,
  });
  const provider = new TracerProvider({
    resource,
    sampler: createSampler(settings),
    spanProcessors: [processor],
  });
  const exportNow = async (spans: ReadableSpan[]) => {
    const result = await exportOnce(exporter, spans);
    if (result.code !== ExportResultCode.SUCCESS) throw exportProblem(result, settings.url);
  };
  return { exportNow, processor, tracer: provider.getTracer('floe') };
}

function observe(
  exporter: SpanExporter,
  url: string,
  onProblem: (error: FloeError) => void,
): SpanExporter {
  let quietUntilMs = 0;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS && Date.now() >= quietUntilMs) {
          quietUntilMs = Date.now() + PROBLEM_INTERVAL_MS;
          onProblem(exportProblem(result, url));
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** The exporter bounds the time itself, by `exportTimeoutMs`. */
function exportOnce(exporter: SpanExporter, spans: ReadableSpan[]): Promise<ExportResult> {
  return new Promise((resolve) => {
    context.with(suppressTracing(context.active()), () => exporter.export(spans, resolve));
  });
}

function exportProblem(result: ExportResult, url: string): FloeError {
  const reason = result.error?.message ?? 'no reason given';
  return new FloeError('TELEMETRY_UNAVAILABLE', `${url} did not accept spans: ${reason}`, {
    cause: result.error,
    details: { url },
    hint: 'start the collector, or unset OTEL_EXPORTER_OTLP_ENDPOINT',
  });
}
