import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { environmentTable, readEnvironment } from './environment.ts';

function violationsOf(env: Record<string, string>) {
  try {
    readEnvironment(env);
  } catch (error) {
    if (error instanceof FloeError) return error;
  }
  throw new Error('the environment was accepted');
}

test('nothing set gives the embedded defaults', () => {
  const env = readEnvironment({ HOME: '/home/ada' });
  expect(env).toMatchObject({
    stateDir: '.floe',
    datasetDir: '.floe/datasets',
    gatewayListen: '127.0.0.1:7400',
    gatewayUrl: 'http://127.0.0.1:7400',
    metadataAddress: '127.0.0.1:7401',
    schedulerAddresses: ['127.0.0.1:7402'],
    executorSlots: 2,
    executorPool: 'default',
    logLevel: 'info',
  });
  expect(env.databaseUrl).toBeUndefined();
  expect(env.natsUrls).toBeUndefined();
});

test('an executor gets an id of its own that is a name', () => {
  const [one, other] = [readEnvironment({}).executorId, readEnvironment({}).executorId];
  expect(one).not.toBe(other);
  expect(readEnvironment({ FLOE_EXECUTOR_ID: one }).executorId).toBe(one);
});

test('clients dial the listen address unless told otherwise', () => {
  const env = readEnvironment({
    FLOE_METADATA_LISTEN: '0.0.0.0:9000',
    FLOE_REPORTING_ADDRESS: 'reporting:443',
    FLOE_SCHEDULER_ADDRESS: 'a:7402, b:7402',
    FLOE_DATABASE_URL: 'postgres://floe@db/floe',
  });
  expect(env.metadataAddress).toBe('0.0.0.0:9000');
  expect(env.reportingAddress).toBe('reporting:443');
  expect(env.schedulerAddresses).toEqual(['a:7402', 'b:7402']);
  expect(env.reportingDatabaseUrl).toBe('postgres://floe@db/floe');
});

test('labels are names, separated by commas', () => {
  const labels = 'gpu, big-memory';
  expect(readEnvironment({ FLOE_EXECUTOR_LABELS: labels }).executorLabels).toEqual([
    'gpu',
    'big-memory',
  ]);
  expect(readEnvironment({}).executorLabels).toEqual([]);
  expect(violationsOf({ FLOE_EXECUTOR_LABELS: 'gpu,,Big' }).violations).toMatchObject([
    { field: 'FLOE_EXECUTOR_LABELS' },
  ]);
});

test('an empty variable counts as not set', () => {
  expect(readEnvironment({ FLOE_EXECUTOR_SLOTS: '' }).executorSlots).toBe(2);
});

test('every wrong value is named at once', () => {
  const error = violationsOf({
    FLOE_EXECUTOR_SLOTS: 'many',
    FLOE_GATEWAY_LISTEN: '7400',
    FLOE_LOG_LEVEL: 'loud',
    FLOE_NATS_URL: 'http://localhost',
  });
  expect(error.code).toBe('CONFIGURATION_INVALID');
  expect(error.violations.map((violation) => violation.field).toSorted()).toEqual([
    'FLOE_EXECUTOR_SLOTS',
    'FLOE_GATEWAY_LISTEN',
    'FLOE_LOG_LEVEL',
    'FLOE_NATS_URL',
  ]);
  expect(error.message).toContain("FLOE_EXECUTOR_SLOTS is 'many'");
});

test('an unknown name is refused with the nearest one', () => {
  const [violation] = violationsOf({ FLOE_DATABSE_URL: 'postgres://db/floe' }).violations;
  expect(violation).toMatchObject({
    field: 'FLOE_DATABSE_URL',
    hint: 'did you mean FLOE_DATABASE_URL?',
  });
});

test('a certificate, its key and the authority are set together or not at all', () => {
  const tls = { FLOE_TLS_CERT: 'a.crt', FLOE_TLS_KEY: 'a.key', FLOE_TLS_CA: 'ca.crt' };
  const files = { certFile: 'a.crt', keyFile: 'a.key', caFile: 'ca.crt' };
  expect(readEnvironment({}).tls).toBeUndefined();
  expect(readEnvironment({})).toMatchObject({ natsAccess: {}, plaintext: 'loopback' });
  expect(readEnvironment(tls)).toMatchObject({ tls: files, natsAccess: files });
  expect(
    readEnvironment({ ...tls, FLOE_NATS_CA: 'nats.crt', FLOE_NATS_CREDENTIALS: 'a.nkey' })
      .natsAccess,
  ).toEqual({ ...files, caFile: 'nats.crt', credentialsFile: 'a.nkey' });
  const { violations } = violationsOf({ ...tls, FLOE_TLS_KEY: '', FLOE_PLAINTEXT: 'yes' });
  expect(violations.map(({ field, message }) => `${field} ${message}`)).toEqual([
    "FLOE_PLAINTEXT is 'yes': wanted loopback or anywhere",
    'FLOE_TLS_KEY is not set, but FLOE_TLS_CERT and FLOE_TLS_CA',
  ]);
});

test('a gateway that is meant to speak HTTPS has a certificate and its key', () => {
  const tls = { FLOE_GATEWAY_TLS_CERT: 'g.crt', FLOE_GATEWAY_TLS_KEY: 'g.key' };
  expect(readEnvironment(tls)).toMatchObject({
    gatewayTls: { certFile: 'g.crt', keyFile: 'g.key' },
    gatewayUrl: 'https://127.0.0.1:7400',
  });
  expect(readEnvironment({}).gatewayTls).toBeUndefined();
  const missing = (env: Record<string, string>) =>
    violationsOf(env).violations.map(({ field, message }) => `${field} ${message}`);
  expect(missing({ ...tls, FLOE_GATEWAY_TLS_KEY: '' })).toEqual([
    'FLOE_GATEWAY_TLS_KEY is not set, but FLOE_GATEWAY_TLS_CERT',
  ]);
  expect(missing({ FLOE_GATEWAY_HTTP_LISTEN: '0.0.0.0:80' })).toEqual([
    'FLOE_GATEWAY_TLS_CERT is not set, but FLOE_GATEWAY_HTTP_LISTEN',
    'FLOE_GATEWAY_TLS_KEY is not set, but FLOE_GATEWAY_HTTP_LISTEN',
  ]);
});

test('a wrong address with a password in it is not repeated', () => {
  const error = violationsOf({ FLOE_DATABASE_URL: 'mysql://root:hunter2@db/floe' });
  expect(JSON.stringify([error.message, error.violations, error.hint])).not.toContain('hunter2');
});

test('the table for the documentation has a row for each variable with its default', () => {
  expect(environmentTable()).toContain(
    '| `FLOE_EXECUTOR_LIGHT` | How many light tasks, which need no worker, an executor runs at once. | `256` | executor |',
  );
});
