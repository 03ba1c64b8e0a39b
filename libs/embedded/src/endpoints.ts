import { join } from 'node:path';
import { assert } from '@floe/errors';
import type { PortPlan } from './ports.ts';
import { writeJsonFile } from './json-file.ts';

/** Where the parts of an embedded Floe listen, as `endpoints.json` in the state folder has it. No secrets. */
export type Endpoints = {
  readonly gateway: string;
  readonly metadata: string;
  readonly scheduler: string;
  readonly reporting: string;
  readonly executors: readonly string[];
  readonly nats: string;
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** The file that holds the password. */
    readonly passwordFile: string;
    readonly controlDatabase: string;
    readonly demoDatabase: string;
  };
};

export const CONTROL_DATABASE = 'floe';
export const DEMO_DATABASE = 'demo';

export function describeEndpoints(
  ports: PortPlan,
  postgres: { user: string; passwordFile: string },
  env: Readonly<Record<string, string | undefined>>,
): Endpoints {
  const executors = [...ports.keys()].filter((name) => name.startsWith('executor-'));
  return {
    gateway: gatewayUrl(ports, env),
    metadata: listenAddress(ports, 'metadata'),
    scheduler: listenAddress(ports, 'scheduler'),
    reporting: listenAddress(ports, 'reporting'),
    executors: executors.map((name) => listenAddress(ports, name)),
    nats: `nats://${listenAddress(ports, 'nats')}`,
    postgres: {
      host: '127.0.0.1',
      port: portOf(ports, 'postgres'),
      ...postgres,
      controlDatabase: CONTROL_DATABASE,
      demoDatabase: DEMO_DATABASE,
    },
  };
}

/** The gateway on this machine; HTTPS where it has a certificate. */
export function gatewayUrl(
  ports: PortPlan,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const scheme = env['FLOE_GATEWAY_TLS_CERT'] ? 'https' : 'http';
  return `${scheme}://${listenAddress(ports, 'gateway')}`;
}

export function writeEndpoints(stateDir: string, endpoints: Endpoints): Promise<void> {
  return writeJsonFile(join(stateDir, 'endpoints.json'), endpoints);
}

export function portOf(ports: PortPlan, name: string): number {
  const port = ports.get(name);
  assert(port !== undefined, `a port is planned for ${name}`);
  return port;
}

export function listenAddress(ports: PortPlan, name: string): string {
  return `127.0.0.1:${portOf(ports, name)}`;
}
