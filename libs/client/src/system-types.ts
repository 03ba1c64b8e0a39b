/** Whether an executor takes work. */
export type ExecutorState =
  | 'EXECUTOR_STATE_UNSPECIFIED'
  | 'EXECUTOR_STATE_ACTIVE'
  | 'EXECUTOR_STATE_DRAINING'
  | 'EXECUTOR_STATE_LOST'
  | 'EXECUTOR_STATE_STOPPED';

/** Whether a connection is encrypted, and how its server is known; the words are those of libpq. */
export type SslMode =
  | 'SSL_MODE_UNSPECIFIED'
  | 'SSL_MODE_DISABLE'
  | 'SSL_MODE_REQUIRE'
  | 'SSL_MODE_VERIFY_FULL';

/** A named address of a database or a server, with its secret by reference. */
export type Connection = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** `env:NAME` or `file:/absolute/path`; empty when none is needed. */
  readonly secretReference: string;
  readonly sslMode: SslMode;
  readonly createTime?: string;
  readonly updateTime?: string;
  readonly kind: ConnectionKind;
  /** Of an HTTP API: what the addresses of tasks count from. Host and port follow from it. */
  readonly baseUrl: string;
  /** Of an HTTP API: the header that the secret goes into as it is; empty for Authorization. */
  readonly secretHeader: string;
  /** Of an HTTP API: what requests go through; empty when they go straight. */
  readonly proxy: string;
  /** Where USER:PASSWORD of the proxy is. */
  readonly proxySecretReference: string;
  /** Of an HTTP API: where the authorities are that its server is trusted by, in PEM. */
  readonly caReference: string;
  /** Of an HTTP API: where the certificate is that the client shows, in PEM. */
  readonly clientCertificateReference: string;
  readonly clientKeyReference: string;
};

export type ConnectionKind = 'CONNECTION_KIND_POSTGRES' | 'CONNECTION_KIND_HTTP';

/** An executor that is or was there, with its room. */
export type Executor = {
  readonly executorId: string;
  readonly address: string;
  readonly pool: string;
  readonly slots: number;
  readonly busySlots: number;
  readonly state: ExecutorState;
  readonly startTime?: string;
  readonly lastSeenTime?: string;
  readonly version: string;
  /** What it offers besides its pool. */
  readonly labels: readonly string[];
};

/** Where the parts of a running Floe are. Holds no secrets. */
export type SystemInfo = {
  readonly version: string;
  /** Addresses of the gRPC services by name: metadata, scheduler, reporting. */
  readonly services: Readonly<Record<string, string>>;
  /** Empty where no Jaeger is configured. */
  readonly jaegerUrl: string;
};
