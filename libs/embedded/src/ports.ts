import { once } from 'node:events';
import { createServer } from 'node:net';
import { FloeError, toFloeError } from '@floe/errors';

/** Distance of each listener from the port base; executors follow one another from theirs. */
export const PORT_OFFSETS = {
  gateway: 0,
  metadata: 1,
  scheduler: 2,
  reporting: 3,
  moreSchedulers: 4,
  executor: 11,
  nats: 22,
  postgres: 32,
} as const;

/** As many executors as fit before the port of NATS. */
export const EXECUTORS_MAX = PORT_OFFSETS.nats - PORT_OFFSETS.executor;

/** The first one, and as many more as fit before the ports of executors. */
export const SCHEDULERS_MAX = 1 + PORT_OFFSETS.executor - PORT_OFFSETS.moreSchedulers;

export type PortPlan = ReadonlyMap<string, number>;

/**
 * Which port each part listens on, by its name; executors are `executor-1`, `executor-2`, ..., schedulers `scheduler`,
 * `scheduler-2`, ...
 */
export function planPorts(portBase: number, executors: number, schedulers = 1): PortPlan {
  const { executor, moreSchedulers, ...single } = PORT_OFFSETS;
  const plan = new Map<string, number>();
  for (const [name, offset] of Object.entries(single)) plan.set(name, portBase + offset);
  for (let index = 1; index < schedulers; index += 1) {
    plan.set(`scheduler-${index + 1}`, portBase + moreSchedulers + index - 1);
  }
  for (let index = 0; index < executors; index += 1) {
    plan.set(`executor-${index + 1}`, portBase + executor + index);
  }
  return plan;
}

/** Throws PORT_TAKEN for the first port that another process listens on, with what wants it. */
export async function requireFreePorts(plan: PortPlan): Promise<void> {
  for (const [name, port] of plan) {
    await requireFree(port).catch((cause: unknown) => {
      throw taken(cause, { name, port });
    });
  }
}

async function requireFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function taken(cause: unknown, wanted: { name: string; port: number }): FloeError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return toFloeError(cause);
  const reason = code === 'EACCES' ? 'is not for this user' : 'is taken by another process';
  return new FloeError(
    'PORT_TAKEN',
    `port ${wanted.port}, which the ${wanted.name} listens on, ${reason}`,
    {
      cause,
      details: { port: String(wanted.port), part: wanted.name },
      hint: `See who has it (ss -ltnp | grep ${wanted.port}), or move all of Floe: floe up --port-base ${wanted.port + 1000}`,
    },
  );
}
