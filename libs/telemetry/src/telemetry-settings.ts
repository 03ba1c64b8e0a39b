import { FloeError } from '@floe/errors';

/** What the standard `OTEL_*` variables ask for. `traces` is absent when nothing is exported. */
export type TelemetrySettings = {
  readonly traces?: TraceSettings;
};

export type Protocol = 'grpc' | 'http/protobuf' | 'http/json';

export type TraceSettings = {
  readonly protocol: Protocol;
  /** The whole address, for HTTP with its `/v1/traces`. */
  readonly url: string;
  readonly sampler: SamplerName;
  /** Share of traces between 0 and 1, for the ratio samplers. */
  readonly samplerRatio: number;
  /** How long one export may take, with its retries. */
  readonly exportTimeoutMs: number;
  readonly exportDelayMs: number;
  readonly queueLimit: number;
  readonly batchLimit: number;
};

const PROTOCOLS: readonly Protocol[] = ['grpc', 'http/protobuf', 'http/json'];

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

// The specification says 5 s; a second shows a run's trace while a person still looks at its page.
const DEFAULT_EXPORT_DELAY_MS = 1_000;
// The default of the specification.
const DEFAULT_EXPORT_TIMEOUT_MS = 10_000;
// The limits of the specification: beyond the queue, spans are dropped rather than memory spent.
const DEFAULT_QUEUE_LIMIT = 2_048;
const DEFAULT_BATCH_LIMIT = 512;

/**
 * Reads the variables of the OpenTelemetry specification (sdk-environment-variables, protocol/exporter).
 * Throws CONFIGURATION_INVALID, naming the variable. Headers and certificates are read by the exporter itself.
 */
export function readTelemetrySettings(env: Environment): TelemetrySettings {
  const isOff = read(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  if (isOff || read(env, 'OTEL_TRACES_EXPORTER') === 'none') return {};
  const own = read(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const shared = read(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (own === undefined && shared === undefined) return {};
  const protocol = readProtocol(env);
  const url = own ?? tracesUrl(shared ?? '', protocol);
  return { traces: { protocol, url: checkUrl(url), ...readSampler(env), ...readBatching(env) } };
}

function read(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

function readProtocol(env: Environment): Protocol {
  const name =
    read(env, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') === undefined
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  return readChoice(env, name, { choices: PROTOCOLS, fallback: 'http/protobuf' });
}

function tracesUrl(endpoint: string, protocol: Protocol): string {
  return protocol === 'grpc' ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}

function checkUrl(url: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw wrongValue('OTEL_EXPORTER_OTLP_ENDPOINT', url, 'an address like http://127.0.0.1:4318');
}

function readSampler(env: Environment): Pick<TraceSettings, 'sampler' | 'samplerRatio'> {
  const sampler = readChoice(env, 'OTEL_TRACES_SAMPLER', {
    choices: SAMPLERS,
    fallback: 'parentbased_always_on',
  });
  const text = read(env, 'OTEL_TRACES_SAMPLER_ARG') ?? '1';
  const samplerRatio = Number(text);
  if (samplerRatio >= 0 && samplerRatio <= 1) return { sampler, samplerRatio };
  throw wrongValue('OTEL_TRACES_SAMPLER_ARG', text, 'a number from 0 to 1');
}

function readBatching(env: Environment) {
  const queueLimit = readCount(env, 'OTEL_BSP_MAX_QUEUE_SIZE', DEFAULT_QUEUE_LIMIT);
  const batchLimit = readCount(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', DEFAULT_BATCH_LIMIT);
  const timeoutMs = readCount(env, 'OTEL_EXPORTER_OTLP_TIMEOUT', DEFAULT_EXPORT_TIMEOUT_MS);
  return {
    exportTimeoutMs: readCount(env, 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', timeoutMs),
    exportDelayMs: readCount(env, 'OTEL_BSP_SCHEDULE_DELAY', DEFAULT_EXPORT_DELAY_MS),
    queueLimit,
    batchLimit: Math.min(batchLimit, queueLimit),
  };
}

function readCount(env: Environment, name: string, fallback: number): number {
  const text = read(env, name);
  if (text === undefined) return fallback;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw wrongValue(name, text, 'a whole number above 0');
}

function readChoice<Choice extends string>(
  env: Environment,
  name: string,
  options: { readonly choices: readonly Choice[]; readonly fallback: Choice },
): Choice {
  const text = read(env, name);
  if (text === undefined) return options.fallback;
  const choice = options.choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw wrongValue(name, text, `one of ${options.choices.join(', ')}`);
}

function wrongValue(name: string, value: string, wanted: string): FloeError {
  return new FloeError('CONFIGURATION_INVALID', `${name} is '${value}', which is not ${wanted}`, {
    details: { variable: name },
    hint: `set ${name} to ${wanted}, or unset it`,
  });
}
