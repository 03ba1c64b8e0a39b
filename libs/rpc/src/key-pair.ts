import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FloeError, toFloeError } from '@floe/errors';

/** A PEM file, and the setting that names it. */
export type PemFile = { readonly variable: string; readonly path: string };

export type KeyPair = { readonly cert: Buffer; readonly key: Buffer };

/** A certificate and its key. Throws CONFIGURATION_INVALID when they cannot be read, do not fit, or are too old. */
export async function readKeyPair(certFile: PemFile, keyFile: PemFile): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readPem(certFile), readPem(keyFile)]);
  const certificate = parsePem(certFile, () => new X509Certificate(cert));
  const privateKey: KeyObject = parsePem(keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw invalidPem(keyFile, `${keyFile.path} is not the key of ${certFile.path}`);
  }
  if (Date.parse(certificate.validTo) < Date.now()) {
    throw invalidPem(certFile, `${certFile.path} was good until ${certificate.validTo}`);
  }
  return { cert, key };
}

/** The certificate of an authority. Throws as `readKeyPair` does. */
export async function readAuthority(caFile: PemFile): Promise<Buffer> {
  const ca = await readPem(caFile);
  parsePem(caFile, () => new X509Certificate(ca));
  return ca;
}

async function readPem(file: PemFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (thrown) {
    throw invalidPem(file, `${file.path} cannot be read: ${toFloeError(thrown).message}`, thrown);
  }
}

function parsePem<Result>(file: PemFile, body: () => Result): Result {
  try {
    return body();
  } catch (thrown) {
    // What OpenSSL says of a file speaks of its own code; which file it is says enough.
    throw invalidPem(file, `${file.path} is no PEM file of what it should be`, thrown);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  FLOE_TLS_:
    'FLOE_TLS_CERT, FLOE_TLS_KEY and FLOE_TLS_CA name PEM files: a certificate, its key, and the authority that is trusted.',
  FLOE_GATEWAY_TLS_:
    'FLOE_GATEWAY_TLS_CERT and FLOE_GATEWAY_TLS_KEY name PEM files: a certificate, and its key.',
};

function invalidPem({ variable }: PemFile, problem: string, cause?: unknown): FloeError {
  return new FloeError('CONFIGURATION_INVALID', `${variable}: ${problem}`, {
    cause,
    details: { variable },
    hint: HINTS[variable.replace(/[A-Z]+$/, '')] ?? `${variable} names a PEM file.`,
  });
}
