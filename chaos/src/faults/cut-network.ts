import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { whyNoNetwork } from '../network/is-possible.ts';

// Beyond the lease and its grace: the executor on the other side must give up by itself, and others take over.
const CUT_MS = 9_000;

export const cutNetwork: Fault = {
  name: 'cut network',
  unfit: whyNoNetwork,
  async begin({ remote }) {
    await remote?.cut();
    return async () => {
      await delay(CUT_MS);
      await remote?.mend();
    };
  },
};
