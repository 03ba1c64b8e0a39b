/** Servers and clients that end with their test. */
import { afterEach } from 'vitest';
import { createLogger } from '@floe/telemetry';
import { ExecutorService, ReportingService } from '../src/generated/contracts.ts';
import { createRpcClient, rpcService, startRpcServer } from '../src/index.ts';
import type { Handlers, RpcServer } from '../src/index.ts';

/** What the servers logged in this test. */
export const lines: string[] = [];
export const log = createLogger('test', { write: (line) => lines.push(line) });

const running: { stop(): unknown }[] = [];

/** Stops a resource after the test, the last one first. */
export function stopAfterTest(resource: { stop(): unknown }): void {
  running.push(resource);
}

afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop();
  lines.length = 0;
});

export async function serve(
  handlers: Handlers<typeof ExecutorService>,
  listen = '127.0.0.1:0',
  checkReady?: () => Promise<void>,
): Promise<RpcServer> {
  const services = [rpcService(ExecutorService, handlers)];
  const server = await startRpcServer({
    listen,
    log,
    services,
    ...(checkReady !== undefined && { checkReady }),
  });
  stopAfterTest(server);
  return server;
}

export function clientOf(addresses: readonly string[], idempotent: 'getStatus'[] = []) {
  const client = createRpcClient(ExecutorService, { addresses, name: 'executor', idempotent });
  stopAfterTest({ stop: () => client.close() });
  return client;
}

/** A server with one streaming method, and its client. */
export async function serveLogs(
  tailLogs: NonNullable<Handlers<typeof ReportingService>['tailLogs']>,
) {
  const services = [rpcService(ReportingService, { tailLogs })];
  const server = await startRpcServer({ listen: '127.0.0.1:0', log, services });
  const client = createRpcClient(ReportingService, {
    addresses: [server.address],
    name: 'reporting',
  });
  stopAfterTest(server);
  stopAfterTest({ stop: () => client.close() });
  return { server, client };
}

/** A promise that the test settles. */
export function gate() {
  return Promise.withResolvers<void>();
}

export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}
