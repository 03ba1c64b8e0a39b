import type { FastifyRequest } from 'fastify';
import { TOKEN_PREFIX } from '../access/token-text.ts';
import type { StreamHolder } from './stream-slots.ts';

/** A page cannot give a WebSocket a header: its token is one of the protocols that it offers. */
export function authorizationOf({ ws, headers }: FastifyRequest): string | undefined {
  if (!ws || headers.authorization !== undefined) return headers.authorization;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const token = offered.find((one) => one.startsWith(TOKEN_PREFIX));
  return token === undefined ? undefined : `Bearer ${token}`;
}

export function holderOf(request: FastifyRequest): StreamHolder {
  return { authorization: authorizationOf(request), address: request.ip };
}
