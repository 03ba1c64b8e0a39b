import { rpcService } from '@floe/rpc';
import type { RpcService } from '@floe/rpc';
import { ExecutorService } from '@floe/rpc/contracts';
import type { ExecutorContext } from '../executor-context.ts';
import { drain } from './drain.ts';
import { getStatus } from './get-status.ts';

export function createExecutorService(context: ExecutorContext): RpcService {
  return rpcService(ExecutorService, {
    getStatus: () => getStatus(context),
    drain: (request) => drain(context, request),
  });
}
