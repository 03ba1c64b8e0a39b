import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueCertificate, makeAuthority } from './certificate.ts';
import { makeNatsKey } from './nats-key.ts';

export type IdentitiesWanted = {
  /** Made when it is not there; files that are there already are not touched, and end the writing. */
  readonly folder: string;
  /** Who gets a certificate and a key of NATS; each a word of letters and dashes. */
  readonly names: readonly string[];
  /** Who gets a certificate only. */
  readonly servers: readonly string[];
  /** Under which all of them are reached. */
  readonly hosts: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

// Certificates of services are read again while these run, so renewing them is cheap; an authority is put into many places.
const SERVICE_DAYS = 397;
const AUTHORITY_DAYS = 3_650;

/**
 * Writes `ca.crt` and `ca.key`; for each name `NAME.crt`, `NAME.key` and `NAME.nkey`; and `nats-keys.conf`, which tells
 * nats-server who they are. Secrets are for this user only. Throws EEXIST when one of them is there already.
 */
export async function writeIdentities(wanted: IdentitiesWanted): Promise<void> {
  const { folder, names, servers, hosts, now } = wanted;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = (file: string, text: string, mode: number) =>
    writeFile(join(folder, file), text, { mode, flag: 'wx' });
  const authority = makeAuthority('Floe', { now, days: AUTHORITY_DAYS });
  await write('ca.key', authority.key, 0o600);
  await write('ca.crt', authority.certificate, 0o644);
  for (const name of [...names, ...servers]) {
    const identity = issueCertificate(authority, { name, hosts, now, days: SERVICE_DAYS });
    await write(`${name}.crt`, identity.certificate, 0o644);
    await write(`${name}.key`, identity.key, 0o600);
  }
  const lines: string[] = [];
  for (const name of names) {
    const { seed, publicKey } = makeNatsKey();
    await write(`${name}.nkey`, `${seed}\n`, 0o600);
    lines.push(`${variableOf(name)} = ${publicKey}\n`);
  }
  await write('nats-keys.conf', lines.join(''), 0o644);
}

function variableOf(name: string): string {
  return `FLOE_${name.toUpperCase().replaceAll('-', '_')}_NKEY`;
}
