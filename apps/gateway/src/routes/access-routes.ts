import { TokenScope } from '@floe/rpc/contracts';
import { PAGE_FIELDS, enumType, inBody, inPath, inQuery, requiredInBody } from './route.ts';
import type { LocalRoute } from './route.ts';

/** The gateway answers these itself: tokens end here, and services know callers by their names only. */
export const ACCESS_ROUTES: readonly LocalRoute[] = [
  {
    kind: 'local',
    name: 'getCaller',
    method: 'GET',
    path: '/api/v1/caller',
    scope: 'caller:read',
    summary: 'Who the request comes from and what it may do.',
    fields: [],
  },
  {
    kind: 'local',
    name: 'createToken',
    method: 'POST',
    path: '/api/v1/tokens',
    scope: 'access:admin',
    summary: 'Makes a token. Its secret is in this answer and nowhere else.',
    fields: [
      requiredInBody('name', { means: 'What the audit log calls whoever uses it.' }),
      requiredInBody('scope', {
        type: enumType('enum', 'TOKEN_SCOPE_', TokenScope),
        means: 'What it allows; each scope includes those before it: read, run, write, admin.',
      }),
      inBody('workflowNames', {
        type: 'string-list',
        means: 'The only workflows that it may see and run; for the scopes read and run.',
      }),
      inBody('expireTime', {
        type: 'timestamp',
        means: 'Until when it counts; for ever if absent.',
      }),
    ],
  },
  {
    kind: 'local',
    name: 'listTokens',
    method: 'GET',
    path: '/api/v1/tokens',
    scope: 'access:admin',
    summary: 'Lists tokens, newest first, without their secrets.',
    fields: PAGE_FIELDS,
  },
  {
    kind: 'local',
    name: 'revokeToken',
    method: 'DELETE',
    path: '/api/v1/tokens/{token_id}',
    scope: 'access:admin',
    summary: 'Revokes a token: requests with it are refused from then on.',
    fields: [inPath('token_id', { means: 'The id of the token.' })],
  },
  {
    kind: 'local',
    name: 'listAuditEntries',
    method: 'GET',
    path: '/api/v1/audit',
    scope: 'access:admin',
    summary: 'Lists what was asked of the gateway and changes something, newest first.',
    fields: [
      ...PAGE_FIELDS,
      inQuery('actor', { means: 'Only by this caller, like token:ci.' }),
      inQuery('object', { means: 'Only about this object, like workflows/etl.' }),
      inQuery('action', { means: 'Only this operation, like startRun.' }),
      inQuery('from_time', { type: 'timestamp', means: 'Only then or later.' }),
      inQuery('to_time', { type: 'timestamp', means: 'Only before.' }),
    ],
  },
];
