/**
 * The certificate by which people and programs know the gateway.
 *
 *   G1. Files that cannot work are refused at the start, by the name of the setting.
 *   G2. Files that change are read again. New connections get the new certificate; those that stand go on.
 *   G3. What was half written, or does not fit together, is not used: the last good pair stays, and the log says so.
 */
import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import { toFloeError } from '@floe/errors';
import { readKeyPair, type KeyPair } from '@floe/rpc';
import type { Log } from '@floe/telemetry';

export type CertificateFiles = { readonly certFile: string; readonly keyFile: string };

export type CertificateOptions = {
  readonly log: Log;
  /** A minute when absent. */
  readonly readEveryMs?: number;
};

// Certificates are renewed days before they end; a minute later is soon enough, and two small files are read.
const READ_EVERY_MS = 60_000;
// Older ones have holes, and no client of the last ten years needs them.
const OLDEST_TLS = 'TLSv1.2';

export class GatewayCertificate implements Disposable {
  readonly #files: CertificateFiles;
  readonly #log: Log;
  readonly #servers = new Set<Server>();
  readonly #timer: NodeJS.Timeout;
  #pair: KeyPair;

  constructor(files: CertificateFiles, pair: KeyPair, options: CertificateOptions) {
    this.#files = files;
    this.#pair = pair;
    this.#log = options.log;
    this.#timer = setInterval(() => void this.#readAgain(), options.readEveryMs ?? READ_EVERY_MS);
    this.#timer.unref();
  }

  /** A server that shows the certificate, also the next one. */
  createServer(options: ServerOptions, listener: RequestListener): Server {
    const server = createServer({ ...options, ...secureOptions(this.#pair) }, listener);
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
    return server;
  }

  /** Reads the files no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #readAgain(): Promise<void> {
    try {
      const pair = await readPair(this.#files);
      if (pair.cert.equals(this.#pair.cert) && pair.key.equals(this.#pair.key)) return;
      this.#pair = pair;
      for (const server of this.#servers) server.setSecureContext(secureOptions(pair));
      this.#log.info({ certificate: this.#files.certFile }, 'a new certificate is in use');
    } catch (thrown) {
      const error = toFloeError(thrown);
      this.#log.error({ err: error }, `the last good certificate stays in use: ${error.message}`);
    }
  }
}

/** Throws CONFIGURATION_INVALID when the files cannot be read or do not fit together. */
export async function openGatewayCertificate(
  files: CertificateFiles,
  options: CertificateOptions,
): Promise<GatewayCertificate> {
  return new GatewayCertificate(files, await readPair(files), options);
}

function readPair({ certFile, keyFile }: CertificateFiles): Promise<KeyPair> {
  return readKeyPair(
    { variable: 'FLOE_GATEWAY_TLS_CERT', path: certFile },
    { variable: 'FLOE_GATEWAY_TLS_KEY', path: keyFile },
  );
}

function secureOptions({ cert, key }: KeyPair) {
  return { cert, key, minVersion: OLDEST_TLS } as const;
}
