import { expect, test } from 'vitest';
import { readConnection } from './connections.ts';

test('reads an address with the port of PostgreSQL as default', () => {
  const url = 'postgres://etl%40x@db.example.com/dwh?sslmode=verify-full';
  expect(readConnection('warehouse', url, { secret: 'env:PW' })).toEqual({
    name: 'warehouse',
    host: 'db.example.com',
    port: 5432,
    database: 'dwh',
    username: 'etl@x',
    secretReference: 'env:PW',
    sslMode: 'SSL_MODE_VERIFY_FULL',
  });
});

test('reads what a server of TLS is trusted by and shown', () => {
  const url = 'postgres://etl@[fd00::5]:6432/dwh';
  const tls = {
    sslMode: 'verify-full',
    ca: 'env:CA',
    clientCertificate: 'env:C',
    clientKey: 'env:K',
  };
  expect(readConnection('books', url, tls)).toEqual({
    name: 'books',
    host: 'fd00::5',
    port: 6432,
    database: 'dwh',
    username: 'etl',
    sslMode: 'SSL_MODE_VERIFY_FULL',
    caReference: 'env:CA',
    clientCertificateReference: 'env:C',
    clientKeyReference: 'env:K',
  });
});

test('reads the address of an HTTP API', () => {
  const options = { secret: 'env:KEY', secretHeader: 'X-Api-Key' };
  expect(readConnection('crm', 'https://api.example.com/v1', options)).toEqual({
    kind: 'CONNECTION_KIND_HTTP',
    name: 'crm',
    baseUrl: 'https://api.example.com/v1',
    secretReference: 'env:KEY',
    secretHeader: 'X-Api-Key',
  });
  const way = { proxy: 'http://proxy:3128', proxySecret: 'env:P', ca: 'env:CA' };
  const client = { clientCertificate: 'file:/c', clientKey: 'file:/k' };
  expect(readConnection('crm', 'https://api.example.com', { ...way, ...client })).toEqual({
    kind: 'CONNECTION_KIND_HTTP',
    name: 'crm',
    baseUrl: 'https://api.example.com/',
    proxy: 'http://proxy:3128',
    proxySecretReference: 'env:P',
    caReference: 'env:CA',
    clientCertificateReference: 'file:/c',
    clientKeyReference: 'file:/k',
  });
  const read = () => readConnection('crm', 'https://ida:hunter2@api.example.com', {});
  expect(read).toThrow(/holds a user or a password/);
  expect(read).not.toThrow(/hunter2/);
});

test('refuses an address that holds a password, and does not repeat it', () => {
  const read = () => readConnection('warehouse', 'postgres://etl:hunter2@db/dwh', {});
  expect(read).toThrow(/holds a password/);
  expect(read).not.toThrow(/hunter2/);
});

test.each(['warehouse', 'mysql://u@h/d', 'postgres://db/dwh', 'postgres://u@db'])(
  'refuses %s as an address',
  (url) => {
    expect(() => readConnection('warehouse', url, {})).toThrow();
  },
);
