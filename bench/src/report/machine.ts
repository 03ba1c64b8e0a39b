import { once } from 'node:events';
import { connect } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import { openTarget } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import { FloeError } from '@floe/errors';
import { databaseAddress } from '../floe/database-address.ts';

/** Where it was measured. */
export type Machine = {
  readonly cpus: number;
  readonly memory_gib: number;
  readonly node: string;
  readonly postgres: string;
  readonly nats: string;
};

const GIB = 2 ** 30;
// The server speaks first, at once.
const NATS_WITHIN_MS = 5_000;
const INFO = /^INFO (\{.+\})/;

export async function describeMachine(endpoints: Endpoints): Promise<Machine> {
  const [postgres, nats] = await Promise.all([
    postgresVersion(endpoints),
    natsVersion(endpoints.nats),
  ]);
  return {
    cpus: availableParallelism(),
    memory_gib: Math.round((usableMemory() / GIB) * 10) / 10,
    node: process.versions.node,
    postgres,
    nats,
  };
}

/** A container may use less than the machine has. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

async function postgresVersion(endpoints: Endpoints): Promise<string> {
  await using session = await openTarget(await databaseAddress(endpoints), {
    applicationName: 'floe:bench',
    statementTimeoutMs: 0,
  });
  const [row] = await session.query<{ server_version: string }>('show server_version');
  return row?.server_version ?? 'unknown';
}

/** From the first line of the protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol#info */
async function natsVersion(address: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  try {
    const [line] = await once(socket, 'data', { signal: AbortSignal.timeout(NATS_WITHIN_MS) });
    const [, info = ''] = INFO.exec(String(line)) ?? [];
    const { version }: { version?: unknown } = JSON.parse(info);
    return String(version);
  } catch (cause) {
    throw new FloeError('BUS_UNAVAILABLE', `${address} does not greet as a NATS server`, { cause });
  } finally {
    socket.destroy();
  }
}
