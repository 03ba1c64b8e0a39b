/** Where a user's database is and how to enter it. It holds the password: never log it, never put it into an error. */
export type TargetAddress = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `require` encrypts without asking who answers; `verify-full` checks the certificate. Default: `disable`. */
  readonly sslMode?: 'disable' | 'require' | 'verify-full';
};

export function tlsOf({ sslMode }: TargetAddress): false | { rejectUnauthorized: boolean } {
  if (sslMode === undefined || sslMode === 'disable') return false;
  return { rejectUnauthorized: sslMode === 'verify-full' };
}

/** The address for messages: without user and password. */
export function describeAddress(address: TargetAddress): string {
  return `${address.host}:${address.port}/${address.database}`;
}
