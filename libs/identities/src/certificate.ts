/**
 * Certificates (RFC 5280) for services that prove to each other who they are: an authority, and what it signs. Keys are
 * P-256, which every TLS of the last ten years takes.
 *
 *   C1. A certificate of a service names hosts, and is good for both ends of a connection: services call each other.
 *   C2. An authority signs certificates of services only: none of them can sign another.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import {
  bits,
  flags,
  instant,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  truth,
  utf8,
} from './der.ts';

/** A certificate and its private key as PEM. */
export type Identity = { readonly certificate: string; readonly key: string };

/** Who signs, and with what. */
export type Authority = Identity & { readonly name: string; readonly privateKey: KeyObject };

export type Validity = {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly days: number;
};

export type ServiceCertificate = Validity & {
  readonly name: string;
  /** Names and addresses under which others reach the service. */
  readonly hosts: readonly string[];
};

const ID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
  clientAuthentication: '1.3.6.1.5.5.7.3.2',
} as const;

const DAY_MS = 86_400_000;
// Clocks of machines differ; a certificate of this second would be refused by one that is behind.
const BACKDATED_MS = 300_000;
// RFC 5280 wants a positive number of at most 20 bytes; 16 random ones are never met twice.
const SERIAL_BYTES = 16;

// The bits of keyUsage, as its nine flags are counted from the left.
const DIGITAL_SIGNATURE = { byte: 0b1000_0000, count: 1 };
const SIGNS_CERTIFICATES = { byte: 0b0000_0110, count: 7 };

/** A new authority, which signs itself. */
export function makeAuthority(name: string, validity: Validity): Authority {
  const { publicKey, privateKey } = newKeys();
  const certificate = signCertificate({
    subject: name,
    issuer: name,
    publicKey,
    issuerKeys: { publicKey, privateKey },
    validity,
    // An authority of services, with no other below it (C2).
    extensions: [
      critical(ID.basicConstraints, sequence(truth(), integer(0))),
      critical(ID.keyUsage, flags(SIGNS_CERTIFICATES.byte, SIGNS_CERTIFICATES.count)),
    ],
  });
  return { name, privateKey, certificate, key: pemOf(privateKey) };
}

/** A certificate for a service, signed by the authority (C1). */
export function issueCertificate(authority: Authority, wanted: ServiceCertificate): Identity {
  const { publicKey, privateKey } = newKeys();
  const certificate = signCertificate({
    subject: wanted.name,
    issuer: authority.name,
    publicKey,
    issuerKeys: { publicKey: publicOf(authority), privateKey: authority.privateKey },
    validity: wanted,
    extensions: [
      critical(ID.basicConstraints, sequence()),
      critical(ID.keyUsage, flags(DIGITAL_SIGNATURE.byte, DIGITAL_SIGNATURE.count)),
      extension(
        ID.extendedUsage,
        sequence(objectId(ID.serverAuthentication), objectId(ID.clientAuthentication)),
      ),
      extension(ID.subjectNames, sequence(...wanted.hosts.map(hostName))),
    ],
  });
  return { certificate, key: pemOf(privateKey) };
}

type Unsigned = {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly issuerKeys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
};

function signCertificate(unsigned: Unsigned): string {
  const { subject, issuer, publicKey, issuerKeys, validity, extensions } = unsigned;
  const algorithm = sequence(objectId(ID.ecdsaWithSha256));
  const keyOf = (key: KeyObject) => createHash('sha1').update(spkiOf(key)).digest();
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(serialNumber()),
    algorithm,
    distinguishedName(issuer),
    sequence(instant(validity.now - BACKDATED_MS), instant(validity.now + validity.days * DAY_MS)),
    distinguishedName(subject),
    spkiOf(publicKey),
    tagged(
      0xa3,
      sequence(
        ...extensions,
        extension(ID.subjectKey, octets(keyOf(publicKey))),
        extension(ID.authorityKey, sequence(tagged(0x80, keyOf(issuerKeys.publicKey)))),
      ),
    ),
  );
  const signature = sign('sha256', body, issuerKeys.privateKey);
  return toPem('CERTIFICATE', sequence(body, algorithm, bits(signature)));
}

/** The first bit is zero, so that the number is positive, and the first byte is not. */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function distinguishedName(name: string): Buffer {
  return sequence(set(sequence(objectId(ID.commonName), utf8(name))));
}

function extension(id: string, body: Buffer): Buffer {
  return sequence(objectId(id), octets(body));
}

/** One that whoever does not understand it must refuse. */
function critical(id: string, body: Buffer): Buffer {
  return sequence(objectId(id), truth(), octets(body));
}

function hostName(host: string): Buffer {
  return isIP(host) === 0 ? tagged(0x82, Buffer.from(host, 'ascii')) : tagged(0x87, bytesOf(host));
}

function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function publicOf({ privateKey }: Authority): KeyObject {
  return createPublicKey(privateKey);
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
