/** Where a user's database is and how to enter it. It holds the password: never log it, never put it into an error. */
export type TargetAddress = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `require` encrypts without asking who answers; `verify-full` checks the certificate. Default: `disable`. */
  readonly sslMode?: 'disable' | 'require' | 'verify-full';
  /** For a server that is not known to the system's authorities, or that wants to see a certificate. */
  readonly tls?: TargetTls;
};

/** In PEM; empty where there is none. */
export type TargetTls = {
  /** The authorities that the server is trusted by, and no others. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
};

type TlsOptions = {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
};

/** As the driver takes it. */
export function tlsOf({ sslMode, tls }: TargetAddress): false | TlsOptions {
  if (sslMode === undefined || sslMode === 'disable') return false;
  const { ca = '', certificate = '', key = '' } = tls ?? {};
  return {
    rejectUnauthorized: sslMode === 'verify-full',
    ...(ca !== '' && { ca }),
    ...(certificate !== '' && { cert: certificate, key }),
  };
}

/** The address for messages: without user and password. */
export function describeAddress(address: TargetAddress): string {
  const { host, port, database } = address;
  return `${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}
