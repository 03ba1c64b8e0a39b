/** A span as a collector sees it. Ids are lower-case hex. */
export type ReceivedSpan = {
  /** `service.name` of the process that sent it. */
  readonly service: string;
  readonly resource: AttributeMap;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the root of a trace. */
  readonly parentSpanId: string | undefined;
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: AttributeMap;
  readonly events: readonly { name: string; timeMs: number; attributes: AttributeMap }[];
  readonly links: readonly { traceId: string; spanId: string; attributes: AttributeMap }[];
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string };
};

export type AttributeMap = Readonly<Record<string, unknown>>;

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

type Json = Readonly<Record<string, unknown>>;

/** The spans of an OTLP JSON trace request (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export function spansOf(request: unknown): ReceivedSpan[] {
  return list(record(request)['resourceSpans']).flatMap((resourceSpans) => {
    const resource = attributesOf(record(resourceSpans['resource'])['attributes']);
    const scopes = list(resourceSpans['scopeSpans']);
    return scopes.flatMap((scope) => list(scope['spans']).map((span) => toSpan(span, resource)));
  });
}

function toSpan(span: Json, resource: AttributeMap): ReceivedSpan {
  const status = record(span['status']);
  return {
    service: text(resource['service.name']),
    resource,
    name: text(span['name']),
    kind: KINDS[Number(span['kind'] ?? 0)] ?? 'unspecified',
    traceId: text(span['traceId']),
    spanId: text(span['spanId']),
    parentSpanId: text(span['parentSpanId']) || undefined,
    startMs: milliseconds(span['startTimeUnixNano']),
    endMs: milliseconds(span['endTimeUnixNano']),
    attributes: attributesOf(span['attributes']),
    events: list(span['events']).map((event) => ({
      name: text(event['name']),
      timeMs: milliseconds(event['timeUnixNano']),
      attributes: attributesOf(event['attributes']),
    })),
    links: list(span['links']).map((link) => ({
      traceId: text(link['traceId']),
      spanId: text(link['spanId']),
      attributes: attributesOf(link['attributes']),
    })),
    status: {
      code: STATUS_CODES[Number(status['code'] ?? 0)] ?? 'unset',
      message: text(status['message']),
    },
  };
}

function attributesOf(value: unknown): AttributeMap {
  const pairs = list(value).map(({ key, value: any }) => [text(key), plain(record(any))] as const);
  return Object.fromEntries(pairs);
}

function plain(any: Json): unknown {
  if ('intValue' in any) return Number(any['intValue']);
  if ('arrayValue' in any) return list(record(any['arrayValue'])['values']).map(plain);
  return any['stringValue'] ?? any['boolValue'] ?? any['doubleValue'];
}

function milliseconds(nanoseconds: unknown): number {
  return Number(BigInt(text(nanoseconds) || '0') / 1_000n) / 1_000;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
