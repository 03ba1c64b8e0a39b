import { FloeError, isUuid } from '@floe/errors';
import { RuleOutLoadResponse, type RuleOutLoadRequest } from '@floe/rpc/internal-contracts';
import { voidLoad } from '@floe/tasks/void';
import { RULE_OUT_ITEMS_MAX, RULE_OUT_MS } from '../limits.ts';
import { targetAddress } from '../secrets/target-address.ts';
import { findConnection } from '../store/connections.ts';
import { connectionNotFound } from './connection-message.ts';
import type { RpcContext } from './context.ts';

/** Marks a load as void in its target database, for a scheduler that finds no executor to do it. */
export async function ruleOutLoad(
  context: RpcContext,
  request: RuleOutLoadRequest,
): Promise<RuleOutLoadResponse> {
  const { runId, taskId, connection, items } = request;
  requireLoad(request);
  const row = await findConnection(context.db, connection);
  if (row === undefined) throw await connectionNotFound(context, connection);
  const address = await targetAddress(row);
  const signal = AbortSignal.timeout(RULE_OUT_MS);
  const { done, rows, bytes } = await voidLoad({ runId, taskId, items, address, signal });
  const ruledOut = done < Math.max(1, items.length);
  context.log.warn(
    { run_id: runId, task_id: taskId, connection, ruled_out: ruledOut },
    'no executor was there to rule out a load: it was done here',
  );
  return RuleOutLoadResponse.create({ ruledOut, rows: BigInt(rows), bytes: BigInt(bytes) });
}

function requireLoad({ runId, taskId, items }: RuleOutLoadRequest): void {
  if (!isUuid(runId)) throw wrong('run_id is not a run id');
  if (taskId === '') throw wrong('task_id is empty');
  if (items.length > RULE_OUT_ITEMS_MAX)
    throw wrong(`${items.length} items are more than ${RULE_OUT_ITEMS_MAX}`);
}

function wrong(message: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', message);
}
