import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeNatsKey } from '@floe/identities';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectBus } from './bus.ts';
import { natsAccess, shownUrls } from './nats-access.ts';

const nothing = () => {};
const LOG = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => LOG };
const KEY = makeNatsKey();
const CREDS = '-----BEGIN NATS USER JWT-----\neyJ\n------END NATS USER JWT------\n';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-nats-access-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'credentials');
  await writeFile(path, text);
  return path;
}

test('takes user and password out of the address, and shows them nowhere (A1)', async () => {
  const url = 'nats://ada:p%40ss@127.0.0.1:9';
  const { servers, authenticator } = natsAccess([url], { name: 'test' });
  expect(servers).toEqual(['127.0.0.1:9']);
  const auth = (authenticator as (nonce?: string) => object)();
  expect(auth).toEqual({ user: 'ada', pass: 'p@ss' });
  expect(shownUrls([url, 'tls://b'])).toBe('nats://127.0.0.1:9, tls://b');
  const refused = await connectBus({
    urls: [url],
    name: 'test',
    log: LOG,
    connectWithinMs: 300,
  }).catch(String);
  expect(refused).toContain('nats://127.0.0.1:9');
  expect(refused).not.toContain('p%40ss');
});

test('signs with the seed of an nkey, which may be changed while it runs (A2)', async () => {
  const credentialsFile = await fileOf(`${KEY.seed}\n`);
  const { authenticator } = natsAccess(['nats://a'], { name: 'test', access: { credentialsFile } });
  const sign = authenticator as (nonce?: string) => { nkey: string; sig: string };
  expect(sign('nonce')).toMatchObject({ nkey: KEY.publicKey, sig: expect.any(String) });
  const next = makeNatsKey();
  await fileOf(next.seed);
  expect(sign('nonce').nkey).toBe(next.publicKey);
});

test.each([
  ['', 'neither'],
  ['hunter2', 'neither'],
  [KEY.publicKey, 'neither'],
  // The seed of an account.
  ['SAAGXZNSX7QVLWVNSYXTXVOQHEXQ6TBM3C3JHJBUVO6YX4YW5P7RL5SWFM', 'neither'],
])('refuses credentials that are none, without repeating them: %j', async (text, said) => {
  const credentialsFile = await fileOf(text);
  const open = () => natsAccess(['nats://a'], { name: 'test', access: { credentialsFile } });
  expect(open).toThrow(said);
  expect(open).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }) as Error);
  if (text !== '') expect(open).not.toThrow(text);
});

test('takes a file of credentials, and says when one is not there', async () => {
  const credentialsFile = await fileOf(CREDS);
  expect(
    natsAccess(['nats://a'], { name: 't', access: { credentialsFile } }).authenticator,
  ).toBeTypeOf('function');
  const missing = { credentialsFile: join(folder, 'missing') };
  expect(() => natsAccess(['nats://a'], { name: 't', access: missing })).toThrow('missing');
});

test('speaks TLS only where it is asked for, or the authority is named', () => {
  expect(natsAccess(['nats://a'], { name: 't' }).tls).toBeUndefined();
  expect(natsAccess(['tls://a'], { name: 't' }).tls).toEqual({});
  const files = { caFile: 'ca', certFile: 'c', keyFile: 'k' };
  expect(natsAccess(['nats://a'], { name: 't', access: files }).tls).toEqual(files);
  expect(natsAccess(['nats://a'], { name: 't' }).inboxPrefix).toBe('_INBOX.t');
});
