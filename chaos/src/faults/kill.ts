import { mendsItself, type Fault } from '../fault.ts';
import { childrenOf, pidsOf, signal } from '../processes.ts';

/** SIGKILL of one process of a part. */
export function kill(part: string): Fault {
  return {
    name: `kill ${part}`,
    async begin({ floe, random }) {
      signal(random.pick(pidsOf(floe, part)), 'SIGKILL');
      return mendsItself;
    },
  };
}

/** SIGKILL of all workers of one executor, which itself lives on. */
export const killWorkers: Fault = {
  name: 'kill workers',
  async begin({ floe, random }) {
    for (const pid of await childrenOf(random.pick(pidsOf(floe, 'executor'))))
      signal(pid, 'SIGKILL');
    return mendsItself;
  },
};
