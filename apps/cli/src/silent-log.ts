import type { ConnectOptions } from '@floe/bus';

/** What a bus or a client would say of reconnects belongs into the logs of services. */
export function silentLog(): ConnectOptions['log'] {
  const nothing = () => {};
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
  return log;
}
