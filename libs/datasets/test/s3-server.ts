/**
 * As much of S3 as the store of datasets speaks, kept in memory, and what goes wrong with it on demand. Whether it speaks
 * as others do is seen where AWS_ENDPOINT_URL_S3 names a server of somebody else: the same cases run against both.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What happens to a request: an error with its status, no answer, or an answer that stops or ends in the middle. */
export type S3Fault =
  | { readonly status: number; readonly code: string }
  | 'silent'
  | 'stalls'
  | 'cuts'
  | undefined;

type StoredObject = { body: Buffer; modified: Date };

export type S3Server = {
  readonly url: string;
  /** By bucket and key: `bucket/prefix/key`. */
  readonly objects: Map<string, StoredObject>;
  /** Uploads in parts that were neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** Requests so far, like `PUT bucket/key`. */
  readonly requests: string[];
  fault: (request: { readonly method: string; readonly key: string }) => S3Fault;
  close(): Promise<void>;
};

// So few that lists of a dozen files come in pages.
const KEYS_PER_PAGE = 3;

export async function startS3Server(): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map();
  const uploads: S3Server['uploads'] = new Map();
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => void answer(request, response, state);
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: S3Server = {
    url,
    objects,
    uploads,
    requests,
    fault: () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}

async function answer(request: IncomingMessage, response: ServerResponse, state: S3Server) {
  const { pathname, searchParams } = new URL(request.url ?? '/', state.url);
  const [method, key] = [request.method ?? 'GET', decodeURIComponent(pathname.slice(1))];
  const body = await buffer(request).catch(() => undefined);
  if (body === undefined) return;
  state.requests.push(`${method} ${key}`);
  const fault = state.fault({ method, key });
  if (fault === 'silent') return;
  if (typeof fault === 'object') return refuse(response, fault.status, fault.code);
  const found = state.objects.get(key);
  if (method === 'GET' && searchParams.get('list-type') === '2')
    return sendXml(response, listOf(state, key.replace(/\/$/, ''), searchParams));
  if (method === 'GET' && found === undefined) return refuse(response, 404, 'NoSuchKey');
  if (method === 'GET') return sendObject(response, found!.body, fault);
  if (method === 'DELETE') {
    state.uploads.delete(searchParams.get('uploadId') ?? '');
    if (!searchParams.has('uploadId')) state.objects.delete(key);
    return response.writeHead(204).end();
  }
  if (searchParams.has('uploadId') || searchParams.has('uploads'))
    return takeParts(response, state, { key, body, searchParams, method });
  state.objects.set(key, { body, modified: new Date() });
  response.setHeader('etag', '"x"').end();
}

type PartRequest = {
  readonly key: string;
  readonly body: Buffer;
  readonly searchParams: URLSearchParams;
  readonly method: string;
};

function takeParts(response: ServerResponse, state: S3Server, request: PartRequest) {
  const { key, body, searchParams, method } = request;
  const id = searchParams.get('uploadId') ?? `upload-${state.requests.length}`;
  const parts = state.uploads.get(id) ?? new Map<number, Buffer>();
  state.uploads.set(id, parts);
  if (method === 'PUT') {
    parts.set(Number(searchParams.get('partNumber')), body);
    return response.setHeader('etag', '"x"').end();
  }
  if (!searchParams.has('uploadId'))
    return sendXml(response, `<A><Key>${key}</Key><UploadId>${id}</UploadId></A>`);
  const sorted = [...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  state.objects.set(key, { body: Buffer.concat(sorted), modified: new Date() });
  state.uploads.delete(id);
  return sendXml(response, `<A><Key>${key}</Key><ETag>"x"</ETag></A>`);
}

function sendObject(response: ServerResponse, body: Buffer, fault: S3Fault) {
  response.setHeader('content-length', body.length).setHeader('etag', '"x"');
  if (fault === undefined) return response.end(body);
  response.write(body.subarray(0, body.length / 2), () => {
    if (fault === 'cuts') response.destroy();
  });
}

function listOf({ objects }: S3Server, bucket: string, query: URLSearchParams): string {
  const begin = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()].filter((key) => key.startsWith(begin) && key > after).toSorted();
  const page = keys.slice(0, KEYS_PER_PAGE);
  const contents = page.map((key) => {
    const time = objects.get(key)!.modified.toISOString();
    const name = key.slice(bucket.length + 1);
    return `<Contents><Key>${name}</Key><LastModified>${time}</LastModified></Contents>`;
  });
  const next = keys.length > page.length ? page.at(-1) : undefined;
  const token = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
  return `<A><IsTruncated>${next !== undefined}</IsTruncated>${token}${contents.join('')}</A>`;
}

function sendXml(response: ServerResponse, xml: string) {
  response.setHeader('content-type', 'application/xml').end(`<?xml version="1.0"?>${xml}`);
}

function refuse(response: ServerResponse, status: number, code: string) {
  response.statusCode = status;
  sendXml(response, `<Error><Code>${code}</Code><Message>refused</Message></Error>`);
}
