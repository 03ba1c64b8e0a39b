import { expect, test } from 'vitest';
import { checkOrigin, isLoopbackHost } from './origin.ts';

test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]', 'floe.localhost', 'LOCALHOST'])(
  '%s is this machine',
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([
  '0.0.0.0',
  '192.168.1.4',
  'floe.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '::',
  '',
])("'%s' is not only this machine", (host) => expect(isLoopbackHost(host)).toBe(false));

const policy = { names: new Set(['floe.example']), allowsAddresses: false };
const good = { method: 'POST', opensSocket: false, host: '127.0.0.1:7400', origin: undefined };

test.each([
  ['a program', good],
  ['the console behind a proxy', { ...good, host: 'floe.example', origin: 'https://floe.example' }],
  ['the console itself', { ...good, origin: 'http://127.0.0.1:7400' }],
  [
    'a read that a foreign page cannot see the answer of',
    { ...good, method: 'GET', origin: 'https://evil.example' },
  ],
])('%s may ask', (_, request) => {
  expect(() => checkOrigin(policy, request)).not.toThrow();
});

test.each([
  ['a name that was made to point here', { ...good, method: 'GET', host: 'evil.example:7400' }],
  ['no host', { ...good, host: undefined }],
  [
    'a WebSocket of a foreign page',
    { ...good, method: 'GET', opensSocket: true, origin: 'https://evil.example' },
  ],
  ['a write of a foreign page', { ...good, origin: 'https://evil.example' }],
  ['a write of a page of another port', { ...good, origin: 'http://127.0.0.1:8080' }],
  ['a write of a page without an origin', { ...good, origin: 'null' }],
])('%s is refused', (_, request) => {
  expect(() => checkOrigin(policy, request)).toThrow(
    expect.objectContaining({ code: 'REQUEST_REFUSED' }),
  );
});

test('an address is no name that could be made to point here', () => {
  const request = { ...good, host: '192.168.1.4:7400' };
  expect(() => checkOrigin(policy, request)).toThrow();
  expect(() => checkOrigin({ ...policy, allowsAddresses: true }, request)).not.toThrow();
});
