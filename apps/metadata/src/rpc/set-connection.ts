import { SetConnectionResponse, type SetConnectionRequest } from '@floe/rpc/contracts';
import { putConnection } from '../store/connections.ts';
import { toMessage, toValues } from './connection-message.ts';
import type { RpcContext } from './context.ts';

export async function setConnection(
  { db }: RpcContext,
  request: SetConnectionRequest,
): Promise<SetConnectionResponse> {
  const row = await putConnection(db, toValues(request.connection));
  return SetConnectionResponse.create({ connection: toMessage(row) });
}
