import { toControlError } from '@floe/database';
import { rpcService } from '@floe/rpc';
import type { RpcService } from '@floe/rpc';
import { LegacyService } from '@floe/rpc/internal-contracts';
import type { Deps } from '../deps.ts';
import { findLegacyRun } from '../store/legacy/find-run.ts';
import { findLegacyWorkflow } from '../store/legacy/find-workflow.ts';
import { getLegacyReport } from '../store/legacy/get-report.ts';
import { listLegacyRuns } from '../store/legacy/list-runs.ts';

/** What callers of the replaced service read. */
export function createLegacyService(deps: Deps): RpcService {
  return rpcService(LegacyService, {
    findLegacyWorkflow: (request) => told(findLegacyWorkflow(deps, request)),
    findLegacyRun: (request) => told(findLegacyRun(deps, request)),
    listLegacyRuns: (request) => told(listLegacyRuns(deps, request)),
    getLegacyReport: (request) => told(getLegacyReport(deps, request)),
  });
}

/** What the database refuses is told in words. */
async function told<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    throw toControlError(error);
  }
}
