import { GetOverviewRequest, ListExecutorsRequest, TrendStep } from '@floe/rpc/contracts';
import { enumType, inQuery, unary } from './route.ts';
import type { LocalName, LocalRoute, Route } from './route.ts';

export const SYSTEM_ROUTES: readonly Route[] = [
  unary({
    name: 'listExecutors',
    method: 'GET',
    path: '/api/v1/executors',
    scope: 'system:read',
    summary: 'The executors and what they are doing.',
    fields: [],
    request: ListExecutorsRequest,
    call: (clients) => clients.reporting.listExecutors,
  }),
  unary({
    name: 'getOverview',
    method: 'GET',
    path: '/api/v1/overview',
    scope: 'system:read',
    summary: 'What needs attention now, and how runs went by hour or day.',
    fields: [
      inQuery('step', {
        type: enumType('enum', 'TREND_STEP_', TrendStep),
        means: 'The trend: of the last day by hour, or of the last 30 days by day.',
      }),
    ],
    request: GetOverviewRequest,
    call: (clients) => clients.reporting.getOverview,
  }),
  local('getSystem', '/api/v1/system', 'Version and addresses of this Floe, without secrets.'),
  local('getOpenapi', '/api/openapi.json', 'This document.'),
  local('getHealth', '/healthz', 'The gateway is up.'),
  local('getReadiness', '/readyz', 'The gateway and the services behind it are up.'),
];

function local(name: LocalName, path: string, summary: string): LocalRoute {
  const scope = name === 'getSystem' ? 'system:read' : 'public';
  return { kind: 'local', name, method: 'GET', path, scope, summary, fields: [] };
}
