import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { ReadableSpan, Sampler, SpanExporter } from '@opentelemetry/sdk-trace';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as HttpJsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import { assertNever } from '@floe/errors';
import type { TraceSettings } from './telemetry-settings.ts';

/** The OTLP exporter for the protocol that the settings name. It connects on the first span, not here. */
export function createSpanExporter(settings: TraceSettings): SpanExporter {
  const options = { url: settings.url, timeoutMillis: settings.exportTimeoutMs };
  switch (settings.protocol) {
    case 'grpc':
      return new GrpcExporter(options);
    case 'http/json':
      return new HttpJsonExporter(options);
    case 'http/protobuf':
      return createHttpProtobufExporter(options);
    default:
      return assertNever(settings.protocol);
  }
}

type ExporterOptions = { readonly url: string; readonly timeoutMillis: number };

/**
 * The protobuf twin of the JSON exporter, made of the same parts: upstream keeps it in a package of its own that holds
 * nothing but these lines.
 */
function createHttpProtobufExporter(options: ExporterOptions): SpanExporter {
  const configuration = convertLegacyHttpOptions(options, 'TRACES', 'v1/traces', {
    'Content-Type': 'application/x-protobuf',
  });
  const delegate = createOtlpHttpExportDelegate<ReadableSpan[], unknown>(
    configuration,
    ProtobufTraceSerializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
  return new OTLPExporterBase(delegate);
}

export function createSampler(settings: TraceSettings): Sampler {
  const ratio = new TraceIdRatioBasedSampler(settings.samplerRatio);
  switch (settings.sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio;
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: ratio });
    default:
      return assertNever(settings.sampler);
  }
}
