/**
 * Who this process is to the others: its certificate and key, and the authority whose certificates it trusts. Servers ask
 * callers for theirs, so both ends know each other.
 *
 *   T1. Files that cannot work are refused at the start, by the name of the setting.
 *   T2. Files that change are read again. New connections use them; those that stand go on.
 *   T3. What was half written, or does not fit together, is not used: the last good ones stay, and the log says so.
 */
import type { experimental } from '@grpc/grpc-js';
import { toFloeError } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import { readAuthority, readKeyPair } from './key-pair.ts';

/** Paths of PEM files. */
export type TlsFiles = {
  /** The certificate of this process, and those between it and the authority, if any. */
  readonly certFile: string;
  readonly keyFile: string;
  /** The authorities that are trusted. */
  readonly caFile: string;
};

type Provider = experimental.CertificateProvider;
type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;
type Contents = { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer };

// Certificates are renewed days before they end; a minute later is soon enough, and three small files are read.
const READ_EVERY_MS = 60_000;

export type TlsIdentityOptions = {
  readonly log: Log;
  /** A minute when absent. */
  readonly readEveryMs?: number;
};

export class TlsIdentity implements Provider {
  readonly #files: TlsFiles;
  readonly #log: Log;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  readonly #timer: NodeJS.Timeout;
  #contents: Contents;

  constructor(files: TlsFiles, contents: Contents, options: TlsIdentityOptions) {
    this.#files = files;
    this.#contents = contents;
    this.#log = options.log;
    this.#timer = setInterval(() => void this.#readAgain(), options.readEveryMs ?? READ_EVERY_MS);
    this.#timer.unref();
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    // Whoever listens is ready to be told only when this call is over.
    process.nextTick(() => listener({ caCertificate: this.#contents.ca }));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    process.nextTick(() => listener(toIdentity(this.#contents)));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  /** Reads the files no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #readAgain(): Promise<void> {
    try {
      const contents = await readAll(this.#files);
      if (isSame(contents, this.#contents)) return;
      this.#contents = contents;
      for (const listener of this.#caListeners) listener({ caCertificate: contents.ca });
      for (const listener of this.#identityListeners) listener(toIdentity(contents));
      this.#log.info({ certificate: this.#files.certFile }, 'a new certificate is in use');
    } catch (thrown) {
      const error = toFloeError(thrown);
      this.#log.error({ err: error }, `the last good certificate stays in use: ${error.message}`);
    }
  }
}

/** Throws CONFIGURATION_INVALID when the files cannot be read or do not fit together. */
export async function openTlsIdentity(
  files: TlsFiles,
  options: TlsIdentityOptions,
): Promise<TlsIdentity> {
  return new TlsIdentity(files, await readAll(files), options);
}

async function readAll({ certFile, keyFile, caFile }: TlsFiles): Promise<Contents> {
  const [pair, ca] = await Promise.all([
    readKeyPair(
      { variable: 'FLOE_TLS_CERT', path: certFile },
      { variable: 'FLOE_TLS_KEY', path: keyFile },
    ),
    readAuthority({ variable: 'FLOE_TLS_CA', path: caFile }),
  ]);
  return { ...pair, ca };
}

function isSame(one: Contents, other: Contents): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key) && one.ca.equals(other.ca);
}

function toIdentity({ cert, key }: Contents): experimental.IdentityCertificateUpdate {
  return { certificate: cert, privateKey: key };
}
