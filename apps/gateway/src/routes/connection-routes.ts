import {
  DeleteConnectionRequest,
  GetConnectionRequest,
  ListConnectionsRequest,
  SetConnectionRequest,
  SslMode,
  TestConnectionRequest,
} from '@floe/rpc/contracts';
import { PAGE_FIELDS, enumType, inBody, inPath, requiredInBody, unary } from './route.ts';
import type { Route } from './route.ts';

const NAME = inPath('name', { means: 'The name of the connection.' });

export const CONNECTION_ROUTES: readonly Route[] = [
  unary({
    name: 'listConnections',
    method: 'GET',
    path: '/api/v1/connections',
    scope: 'connections:read',
    summary: 'Lists connections by name.',
    fields: PAGE_FIELDS,
    request: ListConnectionsRequest,
    call: (clients) => clients.metadata.listConnections,
  }),
  unary({
    name: 'getConnection',
    method: 'GET',
    path: '/api/v1/connections/{name}',
    scope: 'connections:read',
    summary: 'A connection; its secret is only ever a reference.',
    fields: [NAME],
    request: GetConnectionRequest,
    call: (clients) => clients.metadata.getConnection,
  }),
  unary({
    name: 'setConnection',
    method: 'PUT',
    path: '/api/v1/connections/{name}',
    scope: 'connections:write',
    summary: 'Creates or replaces a connection.',
    fields: [
      NAME,
      requiredInBody('host', { means: 'Name or address of the server.' }),
      requiredInBody('port', { type: 'int32', means: 'Its port, like 5432.' }),
      requiredInBody('database', { means: 'The database on it.' }),
      requiredInBody('username', { means: 'The user to log in as.' }),
      inBody('secretReference', {
        means: 'Where the password is: env:NAME or file:/absolute/path. Never the password itself.',
      }),
      inBody('sslMode', {
        type: enumType('enum', 'SSL_MODE_', SslMode),
        means: 'How the connection is encrypted, as in libpq.',
      }),
    ],
    request: SetConnectionRequest,
    shape: (connection) => ({ connection }),
    call: (clients) => clients.metadata.setConnection,
  }),
  unary({
    name: 'deleteConnection',
    method: 'DELETE',
    path: '/api/v1/connections/{name}',
    scope: 'connections:write',
    summary: 'Deletes a connection.',
    fields: [NAME],
    request: DeleteConnectionRequest,
    call: (clients) => clients.metadata.deleteConnection,
  }),
  unary({
    name: 'testConnection',
    method: 'POST',
    path: '/api/v1/connections/{name}:test',
    scope: 'connections:test',
    summary: 'Logs in and asks the server for its version.',
    fields: [NAME],
    request: TestConnectionRequest,
    call: (clients) => clients.metadata.testConnection,
  }),
];
