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
