import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { postWebhook, type Webhook } from '../src/webhook.ts';
import { startReceiver } from './receiver.ts';

const ALLOWED = {
  allowedHosts: ['127.0.0.1'],
  userAgent: 'floe/test',
  now: () => 1_700_000_000_999,
};

const hook = (url: string): Webhook => ({
  url,
  secret: 'key',
  idempotencyKey: 'm-1',
  event: 'failed',
  body: '{"text":"ünïcode"}',
});

test('posts JSON that its receiver can prove to be ours', async () => {
  await using receiver = await startReceiver((response) => response.writeHead(204).end());
  expect(await postWebhook(hook(receiver.url), ALLOWED)).toEqual({ kind: 'delivered' });
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.requests;
  expect(body).toBe('{"text":"ünïcode"}');
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'idempotency-key': 'm-1',
    'floe-event': 'failed',
    'user-agent': 'floe/test',
  });
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
    String(headers['floe-signature']),
  )!;
  expect(seconds).toBe('1700000000');
  expect(createHmac('sha256', 'key').update(`${seconds}.${body}`).digest('hex')).toBe(digest);
});

test('signs nothing without a key', async () => {
  await using receiver = await startReceiver((response) => response.writeHead(200).end('ok'));
  await postWebhook({ ...hook(receiver.url), secret: undefined }, ALLOWED);
  expect(receiver.requests[0]!.headers).not.toHaveProperty('floe-signature');
});

test.each([
  [400, 'refused'],
  [404, 'refused'],
  [410, 'refused'],
  [408, 'unavailable'],
  [429, 'unavailable'],
  [500, 'unavailable'],
  [503, 'unavailable'],
])('an answer of %i is %s', async (status, kind) => {
  await using receiver = await startReceiver((response) => response.writeHead(status).end());
  const outcome = await postWebhook(hook(receiver.url), ALLOWED);
  expect(outcome).toMatchObject({ kind, problem: expect.stringContaining(`answered ${status}`) });
  // W4
  expect(JSON.stringify(outcome)).not.toContain('s3cret');
});

test('follows no redirect (W2)', async () => {
  await using inner = await startReceiver((response) => response.writeHead(200).end());
  await using receiver = await startReceiver((response) =>
    response.writeHead(307, { location: inner.url }).end(),
  );
  expect(await postWebhook(hook(receiver.url), ALLOWED)).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(/answered 307, to 127\.0\.0\.1:\d+: not followed$/),
  });
  expect(inner.connectionCount()).toBe(0);
});

test.each(['127.0.0.1', 'localhost', '127.1', '0x7f000001', '[::ffff:127.0.0.1]', '[::1]'])(
  'does not even connect to %s unless it is allowed (W1)',
  async (host) => {
    await using receiver = await startReceiver((response) => response.writeHead(200).end());
    const url = receiver.url.replace('127.0.0.1', host);
    const outcome = await postWebhook(hook(url), { ...ALLOWED, allowedHosts: [] });
    expect(outcome).toMatchObject({
      kind: 'refused',
      problem: expect.stringContaining('is within the network of Floe'),
    });
    expect(receiver.connectionCount()).toBe(0);
  },
);

test('a name that is allowed may be internal', async () => {
  await using receiver = await startReceiver((response) => response.writeHead(200).end());
  const url = receiver.url.replace('127.0.0.1', 'LOCALHOST');
  const outcome = await postWebhook(hook(url), { ...ALLOWED, allowedHosts: ['localhost'] });
  expect(outcome).toEqual({ kind: 'delivered' });
});

test('a receiver that says nothing, or talks without end, holds nobody up (W3)', async () => {
  await using silent = await startReceiver(() => undefined);
  expect(await postWebhook(hook(silent.url), { ...ALLOWED, withinMs: 100 })).toEqual({
    kind: 'unavailable',
    problem: expect.stringContaining('no answer within 100 ms'),
  });
  await using talker = await startReceiver((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
    response.on('close', () => clearInterval(timer));
  });
  expect(await postWebhook(hook(talker.url), ALLOWED)).toEqual({ kind: 'delivered' });
});

test('a receiver that is away is unavailable', async () => {
  const receiver = await startReceiver(() => undefined);
  await receiver[Symbol.asyncDispose]();
  expect(await postWebhook(hook(receiver.url), ALLOWED)).toMatchObject({
    kind: 'unavailable',
    problem: expect.stringContaining('ECONNREFUSED'),
  });
});
