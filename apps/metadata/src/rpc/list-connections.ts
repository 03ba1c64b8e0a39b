import type { ListConnectionsRequest, ListConnectionsResponse } from '@floe/rpc/contracts';
import { listConnections } from '../store/connections.ts';
import { toMessage } from './connection-message.ts';
import type { RpcContext } from './context.ts';
import { cutPage, keyOfToken, pageSize, pageToken } from './paging.ts';

const LIST = 'connections';

export async function listAllConnections(
  { db }: RpcContext,
  request: ListConnectionsRequest,
): Promise<ListConnectionsResponse> {
  const size = pageSize(request.pageSize);
  const after = keyOfToken(LIST, request.pageToken) ?? '';
  const rows = await listConnections(db, { after, limit: size + 1 });
  const page = cutPage(rows, size, (last) => pageToken(LIST, last.name));
  return { connections: page.rows.map(toMessage), nextPageToken: page.nextPageToken };
}
