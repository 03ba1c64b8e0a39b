import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { issueCertificate, makeAuthority, makeNatsKey, writeIdentities } from './index.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const AUTHORITY = makeAuthority('Test authority', { now: NOW, days: 10 });

test('issues certificates that OpenSSL understands and the authority has signed (C1, C2)', () => {
  const hosts = ['scheduler.floe.example', '127.0.0.1', '::1', 'fe80::1:2', '2001:db8:1:2:3:4:5:6'];
  const issued = issueCertificate(AUTHORITY, { name: 'scheduler', hosts, now: NOW, days: 3 });
  const [certificate, authority] = [issued, AUTHORITY].map(
    (one) => new X509Certificate(one.certificate),
  );
  expect(certificate!.subject).toBe('CN=scheduler');
  expect(certificate!.issuer).toBe('CN=Test authority');
  expect(certificate!.ca).toBe(false);
  expect(authority!.ca).toBe(true);
  expect(certificate!.checkIssued(authority!)).toBe(true);
  expect(certificate!.verify(authority!.publicKey)).toBe(true);
  expect(certificate!.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  expect(certificate!.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(Date.parse(certificate!.validTo) - NOW).toBe(3 * 86_400_000);
  expect(certificate!.checkHost('scheduler.floe.example')).toBe('scheduler.floe.example');
  expect(certificate!.checkHost('metadata.floe.example')).toBeUndefined();
  for (const host of hosts.slice(1)) expect(certificate!.checkIP(host)).toBe(host);
  expect(certificate!.checkIP('::2')).toBeUndefined();
});

test('no two certificates have the same number', () => {
  const numbers = Array.from({ length: 20 }, () => {
    const issued = issueCertificate(AUTHORITY, { name: 'a', hosts: ['a'], now: NOW, days: 1 });
    return new X509Certificate(issued.certificate).serialNumber;
  });
  expect(new Set(numbers).size).toBe(20);
});

test('another authority of the same name has signed nothing', () => {
  const issued = issueCertificate(AUTHORITY, { name: 'a', hosts: ['a'], now: NOW, days: 1 });
  const other = makeAuthority(AUTHORITY.name, { now: NOW, days: 10 });
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
});

test('makes keys as NATS writes them: the seed signs what the public half confirms', () => {
  const { seed, publicKey } = makeNatsKey();
  expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
  expect(publicKey).toMatch(/^U[A-Z2-7]{55}$/);
  const key = createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      decode(seed).subarray(2, 34),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
  const x = decode(publicKey).subarray(1, 33).toString('base64url');
  const open = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const nonce = Buffer.from('a nonce');
  expect(verify(null, nonce, open, sign(null, nonce, key))).toBe(true);
});

test('writes secrets for this user only, and never over what is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-identities-'));
  try {
    const wanted = {
      folder,
      names: ['scheduler', 'a-b'],
      servers: ['nats'],
      hosts: ['h'],
      now: NOW,
    };
    await writeIdentities(wanted);
    const files = await readdir(folder);
    expect(files.toSorted()).toEqual(
      [
        'a-b.crt',
        'a-b.key',
        'a-b.nkey',
        'ca.crt',
        'ca.key',
        'nats-keys.conf',
        'nats.crt',
        'nats.key',
      ].concat('scheduler.crt', 'scheduler.key', 'scheduler.nkey'),
    );
    for (const file of files.filter((name) => /\.(key|nkey)$/.test(name))) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(join(folder, 'nats-keys.conf'), 'utf8')).toMatch(
      /^FLOE_SCHEDULER_NKEY = U\w{55}\nFLOE_A_B_NKEY = U\w{55}\n$/,
    );
    await expect(writeIdentities(wanted)).rejects.toThrow('EEXIST');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function decode(text: string): Buffer {
  const letters = Array.from(text, (letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  const binary = letters.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Buffer.from((binary.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
