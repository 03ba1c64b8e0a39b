import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeJson } from './write-json.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_MODIFIED = 304;

/**
 * Answers with JSON. A read has an ETag, and a caller that has the same already gets 304; a page has the link to the
 * next one (RFC 8288).
 */
export function sendAnswer(
  answer: object,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  const text = writeJson(answer);
  // Kept by its reader, never by what is between, and asked for again each time.
  void reply.type(JSON_TYPE).header('cache-control', 'private, no-cache');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return reply.header('cache-control', 'no-store').send(text);
  }
  addNextLink(answer, request, reply);
  const tag = tagOf(answer, text);
  void reply.header('etag', tag);
  const isKnown = knownTags(request).some((known) => known === tag || known === '*');
  return isKnown ? reply.status(NOT_MODIFIED).send() : reply.send(text);
}

/** Strong: the same bytes. That of a workflow begins with its version, by which `If-Match` knows it. */
function tagOf(answer: object, text: string): string {
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  const version = versionOf(answer);
  return version === undefined ? `"${digest}"` : `"${version}.${digest}"`;
}

function versionOf(answer: object): number | undefined {
  const workflow: unknown = Reflect.get(answer, 'workflow');
  if (typeof workflow !== 'object' || workflow === null) return undefined;
  const latest: unknown = Reflect.get(workflow, 'latestVersion');
  return typeof latest === 'number' ? latest : undefined;
}

/** Compression makes weak tags of strong ones; for a read they are as good (RFC 9110, 13.1.2). */
function knownTags(request: FastifyRequest): string[] {
  const header = request.headers['if-none-match'] ?? '';
  return header.split(',').map((part) => part.trim().replace(/^W\//, ''));
}

function addNextLink(answer: object, request: FastifyRequest, reply: FastifyReply): void {
  const token: unknown = Reflect.get(answer, 'nextPageToken');
  if (typeof token !== 'string' || token === '') return;
  const [path = '', query = ''] = request.url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('page_token', token);
  void reply.header('link', `<${path}?${parameters.toString()}>; rel="next"`);
}
