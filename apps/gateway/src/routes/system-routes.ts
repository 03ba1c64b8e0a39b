import { GetOverviewRequest, ListExecutorsRequest } from '@floe/rpc/contracts';
import { unary } from './route.ts';
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
    summary: 'What needs attention now.',
    fields: [],
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
