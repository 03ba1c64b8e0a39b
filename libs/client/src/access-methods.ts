import type { AccessClient } from './access-types.ts';
import { answer, part } from './answers.ts';
import type { Transport } from './http-transport.ts';

const TOKENS = '/api/v1/tokens';

export function accessMethods(transport: Transport): AccessClient {
  return {
    getCaller: () => answer(transport, 'GET', '/api/v1/caller'),
    createToken: (token) => answer(transport, 'POST', TOKENS, { body: token, holds: 'secret' }),
    listTokens: (options) =>
      answer(transport, 'GET', TOKENS, { query: { ...options }, holds: 'tokens' }),
    revokeToken: async (tokenId) => {
      const path = `${TOKENS}/${encodeURIComponent(tokenId)}`;
      return part(await transport.call('DELETE', path), 'token');
    },
    listAuditEntries: (filter) =>
      answer(transport, 'GET', '/api/v1/audit', { query: { ...filter } }),
  };
}
