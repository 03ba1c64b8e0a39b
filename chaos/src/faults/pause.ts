import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { childrenOf, pidsOf, signal } from '../processes.ts';

// Beyond the lease and its grace, so that others take over what the paused one still believes to hold.
const EXECUTOR_MS = 9_000;
// Beyond the time in which a dead scheduler is to be noticed.
const SCHEDULER_MS = 6_000;
// A worker that stalls, while its executor renews the lease.
const WORKER_MS = 3_000;

async function pause(pids: readonly number[], ms: number): Promise<() => Promise<void>> {
  for (const pid of pids) signal(pid, 'SIGSTOP');
  return async () => {
    await delay(ms);
    for (const pid of pids) signal(pid, 'SIGCONT');
  };
}

/** SIGSTOP of an executor and its workers, as when its machine is frozen, and SIGCONT after it has lost its leases. */
export const pauseExecutor: Fault = {
  name: 'pause executor',
  async begin({ floe, random }) {
    const pid = random.pick(pidsOf(floe, 'executor'));
    return pause([pid, ...(await childrenOf(pid))], EXECUTOR_MS);
  },
};

export const pauseScheduler: Fault = {
  name: 'pause scheduler',
  async begin({ floe, random }) {
    return pause([random.pick(pidsOf(floe, 'scheduler'))], SCHEDULER_MS);
  },
};

export const pauseWorkers: Fault = {
  name: 'pause workers',
  async begin({ floe, random }) {
    return pause(await childrenOf(random.pick(pidsOf(floe, 'executor'))), WORKER_MS);
  },
};
