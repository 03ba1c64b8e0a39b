/** An HTTP API by name: where it is and how to be let in. It holds a secret: never log it, never put it into an error. */
export type HttpEndpoint = {
  /** `https://api.example.com/v1`, without query. */
  readonly baseUrl: string;
  /** Set for Basic authentication. */
  readonly username: string;
  /** Empty when the API is open. */
  readonly secret: string;
  /** The header that the secret goes into as it is; empty for Authorization. */
  readonly secretHeader: string;
  /** What requests go through, wherever they lead; absent when they go straight. */
  readonly proxy?: HttpProxy | undefined;
  /** Whom the server of the endpoint is trusted by, and who asks it. */
  readonly tls?: HttpTls | undefined;
};

/** It holds a secret. */
export type HttpProxy = {
  /** `http://proxy.example.com:3128` */
  readonly url: string;
  /** USER:PASSWORD; empty when it wants none. */
  readonly secret: string;
};

/** In PEM; empty where there is none. It holds a secret. */
export type HttpTls = {
  /** The only authorities that are trusted; when empty those of the process. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
};

/** What goes to the server of the endpoint alone. */
export function credentialHeaders({
  username,
  secret,
  secretHeader,
}: HttpEndpoint): Readonly<Record<string, string>> {
  if (secret === '') return {};
  if (secretHeader !== '') return { [secretHeader.toLowerCase()]: secret };
  if (username === '') return { authorization: `Bearer ${secret}` };
  return { authorization: `Basic ${basicCredentials(username, secret)}` };
}

/** Name and secret as Basic authentication writes them: as good as the secret. */
export function basicCredentials(username: string, secret: string): string {
  return Buffer.from(`${username}:${secret}`).toString('base64');
}

/** The address of a path below the endpoint. */
export function addressBelow(baseUrl: string, path: string): string {
  if (path === '' || path.startsWith('?')) return `${baseUrl}${path}`;
  return `${baseUrl.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}
