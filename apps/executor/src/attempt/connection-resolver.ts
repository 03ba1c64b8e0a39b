import type { TargetAddress } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { basicCredentials, type HttpEndpoint } from '@floe/http';
import type { RpcClient } from '@floe/rpc';
import { ConnectionKind, SslMode } from '@floe/rpc/contracts';
import type { Connection } from '@floe/rpc/contracts';
import { ResolveConnectionRequest } from '@floe/rpc/internal-contracts';
import type {
  AttemptLease,
  ConnectionService,
  ResolveConnectionResponse,
} from '@floe/rpc/internal-contracts';
import { withTraceparent } from '@floe/telemetry';

// Far more than an executor meets; it only keeps passwords that change all the time from piling up.
const SECRETS_MAX = 1_000;

/** Asks metadata for the address of a connection, for one attempt, and remembers its password for masking. */
export class ConnectionResolver {
  /** Every password that was handed out lately. */
  readonly secrets = new Set<string>();
  readonly #client: Pick<RpcClient<typeof ConnectionService>, 'resolveConnection'>;

  constructor(client: Pick<RpcClient<typeof ConnectionService>, 'resolveConnection'>) {
    this.#client = client;
  }

  /** Throws CONNECTION_NOT_FOUND, SECRET_UNAVAILABLE or SERVICE_UNAVAILABLE. */
  async resolve(name: string, lease: AttemptLease): Promise<TargetAddress> {
    const answer = await this.#ask(name, lease);
    const { connection, clientKey } = answer;
    if (connection.kind === ConnectionKind.HTTP) throw otherKind(name, 'an HTTP API');
    this.#remember(clientKey);
    return toAddress(connection, answer);
  }

  /** Of a connection to an HTTP API. Throws as `resolve` does. */
  async resolveEndpoint(name: string, lease: AttemptLease): Promise<HttpEndpoint> {
    const answer = await this.#ask(name, lease);
    const { connection, password } = answer;
    if (connection.kind !== ConnectionKind.HTTP) throw otherKind(name, 'a database');
    if (connection.username !== '') this.#remember(basicCredentials(connection.username, password));
    this.#rememberProxy(answer.proxySecret);
    this.#remember(answer.clientKey);
    return toEndpoint(connection, answer);
  }

  async #ask(name: string, lease: AttemptLease) {
    const { runId, taskId, epoch, traceparent } = lease;
    const request = ResolveConnectionRequest.create({ name, runId, taskId, epoch });
    const answer = await withTraceparent(traceparent, () =>
      this.#client.resolveConnection(request),
    );
    const { connection, password } = answer;
    if (connection === undefined) {
      throw new FloeError('CONNECTION_NOT_FOUND', `there is no connection "${name}"`, {
        hint: 'make it with: floe connections set',
      });
    }
    this.#remember(password);
    return { ...answer, connection };
  }

  /** As it is kept, as it is sent, and the password alone. */
  #rememberProxy(secret: string): void {
    this.#remember(secret);
    this.#remember(Buffer.from(secret).toString('base64'));
    this.#remember(secret.slice(secret.indexOf(':') + 1));
  }

  #remember(secret: string): void {
    if (secret === '') return;
    this.secrets.delete(secret);
    this.secrets.add(secret);
    const [oldest] = this.secrets;
    if (this.secrets.size > SECRETS_MAX && oldest !== undefined) this.secrets.delete(oldest);
  }
}

function otherKind(name: string, leadsTo: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `connection "${name}" leads to ${leadsTo}`, {
    details: { connection: name },
    hint: 'It was changed after the workflow was applied: name another connection in the task.',
  });
}

function toAddress(connection: Connection, secrets: ResolveConnectionResponse): TargetAddress {
  const { host, port, database, username: user } = connection;
  const { password, ca, clientCertificate: certificate, clientKey: key } = secrets;
  const sslMode = SSL_MODES[connection.sslMode];
  const tls = { ca, certificate, key };
  return { host, port, database, user, password, tls, ...(sslMode && { sslMode }) };
}

function toEndpoint(
  { baseUrl, username, secretHeader, proxy }: Connection,
  { password, proxySecret, ca, clientCertificate, clientKey }: ResolveConnectionResponse,
): HttpEndpoint {
  return {
    baseUrl,
    username,
    secretHeader,
    secret: password,
    ...(proxy !== '' && { proxy: { url: proxy, secret: proxySecret } }),
    tls: { ca, certificate: clientCertificate, key: clientKey },
  };
}

const SSL_MODES: Readonly<Record<string, TargetAddress['sslMode']>> = {
  [SslMode.DISABLE]: 'disable',
  [SslMode.REQUIRE]: 'require',
  [SslMode.VERIFY_FULL]: 'verify-full',
};
