/**
 * gRPC for Floe's services.
 *
 * A service:  `const server = await startRpcServer({ listen, log, services: [rpcService(SchedulerService, {
 *               startRun: async (request, call) => StartRunResponse.create({ ... }),
 *             })] });`
 *             A streaming method is an async generator: `watchRun: async function* (request, call) { yield ... }`.
 * A client:   `const scheduler = createRpcClient(SchedulerService, { addresses: ['127.0.0.1:7402'], name: 'scheduler',
 *               idempotent: ['getRun'] }); await scheduler.startRun(StartRunRequest.create({ ... }), { signal });`
 * Contracts:  messages and services of floe.v1 in `@floe/rpc/contracts`, of floe.internal.v1 in
 *             `@floe/rpc/internal-contracts`.
 */
export { createRpcClient } from './client.ts';
export type { RpcClient, RpcClientOptions } from './client.ts';
export type { CallOptions } from './calling.ts';
export { describeApi, schemaName } from './describe-api.ts';
export type { ApiDescription, ApiMethod, JsonSchema } from './describe-api.ts';
export type { ServiceContract } from './contract.ts';
export type { ServerSecurity } from './credentials.ts';
export { rpcService } from './handlers.ts';
export type { Handlers, RpcService, ServerCall } from './handlers.ts';
export { readKeyPair } from './key-pair.ts';
export type { KeyPair, PemFile } from './key-pair.ts';
export { LEASE_FORM } from './lease-form.ts';
export { openSecurity } from './open-security.ts';
export type { RpcSecurity, SecuritySettings } from './open-security.ts';
export { startRpcServer } from './server.ts';
export type { RpcServer, RpcServerOptions } from './server.ts';
export { openTlsIdentity } from './tls-identity.ts';
export type { TlsFiles, TlsIdentity, TlsIdentityOptions } from './tls-identity.ts';
