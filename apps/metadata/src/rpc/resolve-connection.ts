import {
  ResolveConnectionResponse,
  type ResolveConnectionRequest,
} from '@floe/rpc/internal-contracts';
import { readSecrets } from '../secrets/http-endpoint.ts';
import { findConnection } from '../store/connections.ts';
import { connectionNotFound, toMessage } from './connection-message.ts';
import type { RpcContext } from './context.ts';

/** The address of a connection with its secret, for an executor that holds an attempt. Noted in the log, by name. */
export async function resolveConnection(
  context: RpcContext,
  request: ResolveConnectionRequest,
): Promise<ResolveConnectionResponse> {
  const { name, runId, taskId } = request;
  const row = await findConnection(context.db, name);
  if (row === undefined) throw await connectionNotFound(context, name);
  const secrets = await readSecrets(row);
  context.log.info(
    { connection: name, run_id: runId, task_id: taskId },
    'a connection was handed out',
  );
  return ResolveConnectionResponse.create({ connection: toMessage(row), ...secrets });
}
