import { toControlError } from '@floe/database';
import { AttemptService } from '@floe/rpc/internal-contracts';
import { SchedulerService } from '@floe/rpc/contracts';
import { rpcService, type RpcService } from '@floe/rpc';
import { approveTask } from './approve-task.ts';
import {
  cancelBackfill,
  getBackfill,
  listAllBackfills,
  pauseBackfill,
  resumeBackfill,
} from './backfills.ts';
import { cancelRun } from './cancel-run.ts';
import { cancelRuns } from './cancel-runs.ts';
import type { RpcContext } from './context.ts';
import { exchangeAttempts } from './exchange-attempts.ts';
import { listScheduleSlots } from './list-schedule-slots.ts';
import type { ScheduleRpcContext } from './schedule-context.ts';
import { startBackfill } from './start-backfill.ts';
import { renewExecutorLeases } from './renew-leases.ts';
import { recallOffer } from './offer-room.ts';
import { retryRun } from './retry-run.ts';
import { startRun } from './start-run.ts';
import { pauseRun, resumeRun } from './steer-run.ts';

/** The RPCs of the scheduler. A method that is not named here answers UNIMPLEMENTED. */
export function schedulerServices(context: RpcContext & ScheduleRpcContext): RpcService[] {
  /** What the database refuses is told in words. */
  const handler =
    <Request, Response>(
      respond: (context: ScheduleRpcContext, request: Request) => Promise<Response>,
    ) =>
    async (request: Request): Promise<Response> => {
      try {
        return await respond(context, request);
      } catch (error) {
        throw toControlError(error);
      }
    };
  return [
    rpcService(SchedulerService, {
      startRun: (request, call) => startRun(context, request, call),
      cancelRun: (request) => cancelRun(context, request),
      cancelRuns: (request) => cancelRuns(context, request),
      pauseRun: (request) => pauseRun(context, request),
      resumeRun: (request) => resumeRun(context, request),
      retryRun: (request, call) => retryRun(context, request, call),
      approveTask: (request) => approveTask(context, request),
      listScheduleSlots: handler(listScheduleSlots),
      startBackfill: handler(startBackfill),
      getBackfill: handler(getBackfill),
      listBackfills: handler(listAllBackfills),
      pauseBackfill: handler(pauseBackfill),
      resumeBackfill: handler(resumeBackfill),
      cancelBackfill: handler(cancelBackfill),
    }),
    rpcService(AttemptService, {
      renewLeases: (request) => renewExecutorLeases(context, request),
      exchangeAttempts: (request, call) => exchangeAttempts(context, request, call),
      recallOffer: (request) => recallOffer(context, request),
    }),
  ];
}
