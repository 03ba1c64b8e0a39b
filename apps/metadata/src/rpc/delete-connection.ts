import type { DeleteConnectionRequest, DeleteConnectionResponse } from '@floe/rpc/contracts';
import { deleteConnection } from '../store/connections.ts';
import { connectionNotFound } from './connection-message.ts';
import type { RpcContext } from './context.ts';

export async function removeConnection(
  context: RpcContext,
  request: DeleteConnectionRequest,
): Promise<DeleteConnectionResponse> {
  const wasThere = await deleteConnection(context.db, request.name);
  if (!wasThere) throw await connectionNotFound(context, request.name);
  return {};
}
