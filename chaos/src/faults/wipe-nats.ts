import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mendsItself, type Fault } from '../fault.ts';
import { onePid, signal } from '../processes.ts';

/** Every byte of JetStream is lost: the server is stopped, its folder deleted, and it starts with an empty one. */
export const wipeNats: Fault = {
  name: 'wipe jetstream',
  async begin({ floe }) {
    const pid = onePid(floe, 'nats');
    // A server that is frozen writes nothing back while its folder goes.
    signal(pid, 'SIGSTOP');
    await rm(join(floe.stateDir, 'nats'), { recursive: true, force: true });
    signal(pid, 'SIGKILL');
    return mendsItself;
  },
};
