import { GetConnectionResponse, type GetConnectionRequest } from '@floe/rpc/contracts';
import { findConnection } from '../store/connections.ts';
import { connectionNotFound, toMessage } from './connection-message.ts';
import type { RpcContext } from './context.ts';

export async function getConnection(
  context: RpcContext,
  request: GetConnectionRequest,
): Promise<GetConnectionResponse> {
  const row = await findConnection(context.db, request.name);
  if (row === undefined) throw await connectionNotFound(context, request.name);
  return GetConnectionResponse.create({ connection: toMessage(row) });
}
