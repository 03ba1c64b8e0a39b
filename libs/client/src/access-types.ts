import type { PageOptions } from './page-options.ts';

/** What a token allows; each includes those before it. */
export type TokenScope =
  | 'TOKEN_SCOPE_READ'
  | 'TOKEN_SCOPE_RUN'
  | 'TOKEN_SCOPE_WRITE'
  | 'TOKEN_SCOPE_ADMIN';

/** A token as it is listed, without its secret. */
export type Token = {
  readonly tokenId: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** The only workflows that it may see and run; empty for all. */
  readonly workflowNames: readonly string[];
  readonly createdBy: string;
  readonly createTime: string;
  /** Absent for one that does not expire. */
  readonly expireTime?: string;
  readonly revokeTime?: string;
  /** Within a minute. */
  readonly lastUseTime?: string;
  readonly lastUseAddress: string;
};

/** A token to be made. */
export type NewToken = {
  readonly name: string;
  readonly scope: 'read' | 'run' | 'write' | 'admin';
  readonly workflowNames?: readonly string[];
  /** RFC 3339. */
  readonly expireTime?: string;
};

/** Who the client is to the server. */
export type Caller = {
  /** `token:NAME`, or `local` where no token is needed. */
  readonly actor: string;
  readonly scope: TokenScope;
  readonly workflowNames: readonly string[];
  readonly tokensRequired: boolean;
};

/** Something that was asked of the gateway and that changes something. */
export type AuditEntry = {
  readonly auditId: string;
  readonly occurTime: string;
  readonly actor: string;
  readonly tokenId: string;
  /** The operation, like `startRun`. */
  readonly action: string;
  /** What it was done to, like `runs/ID`. */
  readonly object: string;
  readonly address: string;
  readonly traceId: string;
  /** Of the answer; 0 when the gateway ended before it knew. */
  readonly status: number;
  /** Empty when it was done. */
  readonly errorCode: string;
};

/** Which entries of the audit log are asked for. */
export type AuditFilter = PageOptions & {
  readonly actor?: string;
  readonly object?: string;
  readonly action?: string;
  readonly fromTime?: string;
  readonly toTime?: string;
};

export type AccessClient = {
  getCaller(): Promise<Caller>;
  /** The secret is in this answer and nowhere else. */
  createToken(token: NewToken): Promise<{ readonly token: Token; readonly secret: string }>;
  listTokens(
    options?: PageOptions,
  ): Promise<{ readonly tokens: readonly Token[]; readonly nextPageToken: string }>;
  revokeToken(tokenId: string): Promise<Token>;
  listAuditEntries(
    filter?: AuditFilter,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly nextPageToken: string }>;
};
