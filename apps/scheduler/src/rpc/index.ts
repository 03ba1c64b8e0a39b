import { AttemptService } from '@floe/rpc/internal-contracts';
import { SchedulerService } from '@floe/rpc/contracts';
import { rpcService, type RpcService } from '@floe/rpc';
import { cancelRun } from './cancel-run.ts';
import { claimAttempt } from './claim-attempt.ts';
import type { RpcContext } from './context.ts';
import { finishAttempt } from './finish-attempt.ts';
import { renewExecutorLeases } from './renew-leases.ts';
import { startRun } from './start-run.ts';

/** The RPCs of the scheduler. A method that is not named here answers UNIMPLEMENTED. */
export function schedulerServices(context: RpcContext): RpcService[] {
  return [
    rpcService(SchedulerService, {
      startRun: (request, call) => startRun(context, request, call),
      cancelRun: (request) => cancelRun(context, request),
    }),
    rpcService(AttemptService, {
      claimAttempt: (request) => claimAttempt(context, request),
      renewLeases: (request) => renewExecutorLeases(context, request),
      finishAttempt: (request) => finishAttempt(context, request),
    }),
  ];
}
