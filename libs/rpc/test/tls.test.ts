/** Who may call a server that has a certificate, and what a wrong setting is told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, makeAuthority, type Authority } from '@floe/identities';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ExecutorService,
  GetStatusRequest,
  GetStatusResponse,
} from '../src/generated/contracts.ts';
import { createRpcClient, openTlsIdentity, rpcService, startRpcServer } from '../src/index.ts';
import type { TlsFiles, TlsIdentity } from '../src/index.ts';
import { lines, log, stopAfterTest } from './rpc-fixture.ts';

const DAY_MS = 86_400_000;
// Answered by the servers of this file, so that an answer is theirs.
const SLOTS = 7;
const HOSTS = ['127.0.0.1', 'localhost'];
const AUTHORITY = makeAuthority('ours', { now: Date.now(), days: 10 });
const STRANGERS = makeAuthority('ours', { now: Date.now(), days: 10 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-tls-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

type Wanted = {
  readonly signer?: Authority;
  readonly trusted?: Authority;
  readonly hosts?: readonly string[];
  readonly now?: number;
};

async function writeFiles(name: string, wanted: Wanted = {}): Promise<TlsFiles> {
  const { signer = AUTHORITY, trusted = AUTHORITY, hosts = HOSTS, now = Date.now() } = wanted;
  const issued = issueCertificate(signer, { name, hosts, now, days: 2 });
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  const files = { certFile: path('crt'), keyFile: path('key'), caFile: path('ca') };
  await writeFile(files.certFile, issued.certificate);
  await writeFile(files.keyFile, issued.key);
  await writeFile(files.caFile, trusted.certificate);
  return files;
}

async function identity(name: string, wanted?: Wanted): Promise<TlsIdentity> {
  const opened = await openTlsIdentity(await writeFiles(name, wanted), { log, readEveryMs: 20 });
  stopAfterTest({ stop: () => opened[Symbol.dispose]() });
  return opened;
}

async function serve(tls: TlsIdentity | undefined, listen = '127.0.0.1:0') {
  const services = [
    rpcService(ExecutorService, {
      getStatus: async () => GetStatusResponse.create({ lightSlots: SLOTS }),
    }),
  ];
  const server = await startRpcServer({ listen, log, services, security: { tls } });
  stopAfterTest(server);
  return server.address;
}

async function call(address: string, tls?: TlsIdentity): Promise<number> {
  const client = createRpcClient(ExecutorService, { addresses: [address], name: 'server', tls });
  try {
    const status = await client.getStatus(GetStatusRequest.create(), { deadlineMs: 2_000 });
    return status.lightSlots;
  } finally {
    client.close();
  }
}

const REFUSED = { code: 'SERVICE_UNAVAILABLE' };

test('answers those whose certificate its authority has signed, and nobody else', async () => {
  const address = await serve(await identity('server'));
  await expect(call(address, await identity('caller'))).resolves.toBe(SLOTS);
  await expect(call(address)).rejects.toMatchObject(REFUSED);
  const stranger = await identity('stranger', { signer: STRANGERS });
  await expect(call(address, stranger)).rejects.toMatchObject(REFUSED);
  await expect(call(address, await identity('again'))).resolves.toBe(SLOTS);
});

test('callers trust no server of another authority, and none that is not where it says', async () => {
  const caller = await identity('caller');
  const impostor = await serve(await identity('impostor', { signer: STRANGERS }));
  await expect(call(impostor, caller)).rejects.toMatchObject(REFUSED);
  const elsewhere = await serve(await identity('elsewhere', { hosts: ['elsewhere.example'] }));
  await expect(call(elsewhere, caller)).rejects.toMatchObject(REFUSED);
  const plain = await serve(undefined);
  await expect(call(plain, caller)).rejects.toMatchObject(REFUSED);
});

test('reads a new certificate while it runs, and keeps the last good one (T2, T3)', async () => {
  const address = await serve(await identity('server'));
  const caller = await identity('caller');
  await expect(call(address, caller)).resolves.toBe(SLOTS);
  await writeFile(join(folder, 'server.key'), 'half a ke');
  await eventually(() => expect(lines.join()).toContain('the last good certificate stays in use'), {
    withinMs: 5_000,
  });
  await expect(call(address, caller)).resolves.toBe(SLOTS);
  // All is signed anew by another authority, as when one has been lost.
  const renewed = { signer: STRANGERS, trusted: STRANGERS };
  await writeFiles('server', renewed);
  await writeFiles('caller', renewed);
  const newcomer = await identity('newcomer', renewed);
  for (const one of [newcomer, caller]) {
    await eventually(async () => expect(await call(address, one)).toBe(SLOTS), {
      withinMs: 5_000,
    });
  }
  await expect(call(address, await identity('old'))).rejects.toMatchObject(REFUSED);
});

test.each(['0.0.0.0:0', '[::]:0', '192.0.2.1:7402', 'floe.example:7402'])(
  'does not listen on %s without a certificate',
  async (listen) => {
    const refused = { code: 'CONFIGURATION_INVALID', message: expect.stringContaining(listen) };
    await expect(serve(undefined, listen)).rejects.toMatchObject(refused);
  },
);

test('listens anywhere with a certificate, or where the network is said to be safe', async () => {
  const address = await serve(await identity('server'), '0.0.0.0:0');
  const here = address.replace('0.0.0.0', '127.0.0.1');
  await expect(call(here, await identity('caller'))).resolves.toBe(SLOTS);
  const security = { allowsPlaintext: true };
  const server = await startRpcServer({ listen: '0.0.0.0:0', log, services: [], security });
  stopAfterTest(server);
});

test.each<readonly [string, string, (files: TlsFiles) => Promise<unknown>]>([
  ['a certificate that is not there', 'FLOE_TLS_CERT', (files) => rm(files.certFile)],
  ['a key that is none', 'FLOE_TLS_KEY', (files) => writeFile(files.keyFile, 'no key')],
  ['an authority that is none', 'FLOE_TLS_CA', (files) => writeFile(files.caFile, 'none')],
  [
    'the key of another certificate',
    'FLOE_TLS_KEY',
    (files) => writeFile(files.keyFile, AUTHORITY.key),
  ],
  [
    'a certificate that has run out',
    'FLOE_TLS_CERT',
    () => writeFiles('wrong', { now: Date.now() - 3 * DAY_MS }),
  ],
])('is told of %s at the start (T1)', async (_, variable, spoil) => {
  const files = await writeFiles('wrong');
  await spoil(files);
  await expect(openTlsIdentity(files, { log })).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringContaining(`${variable}: ${folder}`),
    details: { variable },
  });
});
