import {
  ConnectionKind,
  DeleteConnectionRequest,
  GetConnectionRequest,
  ListConnectionsRequest,
  SetConnectionRequest,
  SslMode,
  TestConnectionRequest,
} from '@floe/rpc/contracts';
import { PAGE_FIELDS, enumType, inBody, inPath, unary } from './route.ts';
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
      inBody('kind', {
        type: enumType('enum', 'CONNECTION_KIND_', ConnectionKind),
        means: 'What it leads to; a PostgreSQL database when absent.',
      }),
      inBody('host', { means: 'Of a database: name or address of the server.' }),
      inBody('port', { type: 'int32', means: 'Of a database: its port, like 5432.' }),
      inBody('database', { means: 'The database on it.' }),
      inBody('username', {
        means: 'The user to log in as; of an HTTP API, that of Basic authentication.',
      }),
      inBody('baseUrl', { means: 'Of an HTTP API: where it is, like https://api.example.com/v1.' }),
      inBody('secretHeader', {
        means: 'Of an HTTP API: the header that the secret goes into as it is, like X-Api-Key.',
      }),
      inBody('proxy', {
        means:
          'Of an HTTP API: the proxy that requests go through, like http://proxy.example.com:3128.',
      }),
      inBody('proxySecretReference', {
        means: 'Where USER:PASSWORD of the proxy is, as for secretReference.',
      }),
      inBody('caReference', {
        means:
          'Where the certificates of the authorities are, in PEM, that the server is trusted by.',
      }),
      inBody('clientCertificateReference', {
        means: 'Where the certificate is that the client shows, in PEM.',
      }),
      inBody('clientKeyReference', {
        means: 'Where the private key of that certificate is, in PEM.',
      }),
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
    summary: 'Logs in and asks the server what it is.',
    fields: [NAME],
    request: TestConnectionRequest,
    call: (clients) => clients.metadata.testConnection,
  }),
];
