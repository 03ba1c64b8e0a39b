import { createFloeClient } from '@floe/client';
import type { FloeClient } from '@floe/client';
import { rpcService, startRpcServer } from '@floe/rpc';
import type { Handlers } from '@floe/rpc';
import { MetadataService, ReportingService, SchedulerService } from '@floe/rpc/contracts';
import { readEnvironment } from '@floe/service';
import type { EnvironmentSource } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { startGateway } from '../src/service.ts';
import type { GatewayOverrides } from '../src/service.ts';

/** What the services behind the gateway answer, over real gRPC. */
export type Behind = {
  readonly metadata?: Handlers<typeof MetadataService>;
  readonly scheduler?: Handlers<typeof SchedulerService>;
  readonly reporting?: Handlers<typeof ReportingService>;
};

export type Fixture = {
  readonly url: string;
  /** Where those are sent on that come by HTTP. */
  readonly redirect: string | undefined;
  readonly client: FloeClient;
  /** Ends the services behind the gateway. */
  stopBehind(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function startFixture(
  behind: Behind,
  overrides: GatewayOverrides = {},
  settings: EnvironmentSource = {},
): Promise<Fixture> {
  await using owned = new AsyncDisposableStack();
  const log = createLogger('test', { level: 'silent' });
  const services = [
    rpcService(MetadataService, behind.metadata ?? {}),
    rpcService(SchedulerService, behind.scheduler ?? {}),
    rpcService(ReportingService, behind.reporting ?? {}),
  ];
  const server = owned.use(await startRpcServer({ listen: '127.0.0.1:0', services, log }));
  const env = readEnvironment({
    FLOE_GATEWAY_LISTEN: '127.0.0.1:0',
    FLOE_METADATA_ADDRESS: server.address,
    FLOE_SCHEDULER_ADDRESS: server.address,
    FLOE_REPORTING_ADDRESS: server.address,
    ...settings,
  });
  const gateway = await startGateway(env, { log, consoleFolder: '/nonexistent', ...overrides });
  owned.defer(() => gateway.stop());
  const scheme = env.gatewayTls === undefined ? 'http' : 'https';
  const url = `${scheme}://${gateway.addresses['http']}`;
  const running = owned.move();
  return {
    url,
    redirect: gateway.addresses['redirect'],
    client: createFloeClient({ baseUrl: url }),
    stopBehind: () => server.stop(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
