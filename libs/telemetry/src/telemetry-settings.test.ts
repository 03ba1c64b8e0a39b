import { expect, test } from 'vitest';
import { readTelemetrySettings } from './telemetry-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

test.each([
  {},
  { OTEL_EXPORTER_OTLP_ENDPOINT: '  ' },
  { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' },
  { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
])('nothing is exported with %j', (environment) => {
  expect(readTelemetrySettings(environment)).toEqual({});
});

test('the shared address gets the path of traces, for HTTP only', () => {
  expect(readTelemetrySettings(endpoint).traces).toMatchObject({
    protocol: 'http/protobuf',
    url: 'http://collector:4318/v1/traces',
    sampler: 'parentbased_always_on',
  });
  const grpc = { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  expect(readTelemetrySettings(grpc).traces?.url).toBe('http://collector:4318/');
});

test('the variables for traces win over the shared ones, and their address is taken as it is', () => {
  const environment = {
    ...endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/otlp',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
  };
  const { traces } = readTelemetrySettings(environment);
  expect(traces).toMatchObject({ protocol: 'http/json', url: 'https://traces/otlp' });
});

test('a batch is never larger than the queue', () => {
  const small = { ...endpoint, OTEL_BSP_MAX_QUEUE_SIZE: '10' };
  expect(readTelemetrySettings(small).traces).toMatchObject({ queueLimit: 10, batchLimit: 10 });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
])('a wrong %s is named', (name, value) => {
  expect(() => readTelemetrySettings({ ...endpoint, [name]: value })).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID', details: { variable: name } }),
  );
});
