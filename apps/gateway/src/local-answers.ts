import type { ControlDatabase } from '@floe/database';
import type { FloeEnvironment } from '@floe/service';
import type { GetCallerResponse } from '@floe/rpc/contracts';
import type { Caller } from './access/caller.ts';
import type { Doorkeeper } from './access/doorkeeper.ts';
import { toTokenScope } from './access/level.ts';
import { TokenDesk } from './access/token-desk.ts';
import { listAuditEntries } from './audit/audit-desk.ts';
import type { HealthChecks } from './health.ts';
import type { LocalAnswers } from './http/answer-route.ts';
import { buildOpenApi } from './openapi/document.ts';
import { ViewDesk } from './views/view-desk.ts';

export type LocalParts = {
  readonly env: FloeEnvironment;
  readonly version: string;
  readonly health: HealthChecks;
  readonly database: ControlDatabase | undefined;
  readonly doorkeeper: Doorkeeper;
};

/** What the gateway answers itself. */
export function localAnswers(parts: LocalParts): LocalAnswers {
  const { env, version, health, database, doorkeeper } = parts;
  const openApi = buildOpenApi(version);
  const desk = new TokenDesk(database, doorkeeper);
  const views = new ViewDesk(database);
  const system = {
    version,
    services: {
      metadata: env.metadataAddress,
      scheduler: env.schedulerAddresses.join(','),
      reporting: env.reportingAddress,
    },
    jaegerUrl: env.jaegerUrl ?? '',
  };
  return {
    getSystem: async () => system,
    getOpenapi: async () => openApi,
    getHealth: async () => ({ status: 'up' }),
    getReadiness: async () => {
      await health.check();
      return { status: 'ready' };
    },
    getCaller: async (_, caller) => describeCaller(caller, doorkeeper.isRequired),
    createToken: (values, caller) => desk.create(values, caller),
    listTokens: (values) => desk.list(values),
    revokeToken: (values, caller) => desk.revoke(values, caller),
    listAuditEntries: (values) => listAuditEntries(database, values),
    listViews: (values, caller) => views.list(values, caller),
    saveView: (values, caller) => views.save(values, caller),
    getView: (values, caller) => views.get(values, caller),
    deleteView: (values, caller) => views.delete(values, caller),
  };
}

function describeCaller(caller: Caller, tokensRequired: boolean): GetCallerResponse {
  const { actor, level, workflowNames } = caller;
  return { actor, scope: toTokenScope(level), workflowNames: [...workflowNames], tokensRequired };
}
