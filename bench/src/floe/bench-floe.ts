/**
 * A whole Floe for a measurement, as `floe up` starts it, in a folder that goes away with it, or in one that is kept.
 */
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFloeClient, type FloeClient } from '@floe/client';
import {
  startEmbeddedFloe,
  type EmbeddedFloe,
  type Endpoints,
  type SupervisedProcess,
} from '@floe/embedded';
import { FloeError } from '@floe/errors';

export type BenchFloe = AsyncDisposable & {
  readonly stateDir: string;
  readonly portBase: number;
  readonly endpoints: Endpoints;
  /** For what surrounds a measurement; what is measured goes over gRPC. */
  readonly client: FloeClient;
  processes(): SupervisedProcess[];
  /** Ends all processes and leaves the folder, for a start that is measured. */
  stop(): Promise<void>;
};

// Below the range from which Linux gives ports to outgoing connections, above the well-known ones.
const PORT_BASE_FIRST = 15_000;
const PORT_BASE_LAST = 30_000;
// Of fifteen thousand ports few are taken: so many misses in a row are no bad luck.
const PORT_ATTEMPTS_MAX = 20;

/** Errors: those of starting an embedded Floe. */
export async function startBenchFloe(
  say: (line: string) => void,
  keep?: string,
): Promise<BenchFloe> {
  const stateDir = await folderOf(keep);
  const remove = async () => {
    if (keep === undefined) await rm(stateDir, { recursive: true, force: true });
  };
  try {
    const { floe, portBase } = await startOnFreePorts(stateDir, say);
    let stopping: Promise<void> | undefined;
    const stop = () => (stopping ??= floe.stop());
    return {
      stateDir,
      portBase,
      endpoints: floe.endpoints,
      client: createFloeClient({ baseUrl: floe.endpoints.gateway }),
      processes: () => floe.processes(),
      stop,
      async [Symbol.asyncDispose]() {
        await stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function folderOf(keep: string | undefined): Promise<string> {
  if (keep === undefined) return mkdtemp(join(tmpdir(), 'floe-bench-'));
  await mkdir(keep, { recursive: true });
  return resolve(keep);
}

/** Floe itself refuses ports that are taken, before it starts anything, so that trying is the whole search. */
async function startOnFreePorts(
  stateDir: string,
  report: (line: string) => void,
): Promise<{ readonly floe: EmbeddedFloe; readonly portBase: number }> {
  // Servers that are asked in a measurement are on this machine.
  const env = { ...process.env, FLOE_HTTP_HOSTS: '127.0.0.1' };
  for (let attempt = 1; ; attempt += 1) {
    const portBase = randomInt(PORT_BASE_FIRST, PORT_BASE_LAST);
    try {
      return { floe: await startEmbeddedFloe({ stateDir, portBase, report, env }), portBase };
    } catch (error) {
      const isTaken = error instanceof FloeError && error.code === 'PORT_TAKEN';
      if (!isTaken || attempt >= PORT_ATTEMPTS_MAX) throw error;
    }
  }
}
