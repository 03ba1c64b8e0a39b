import type { ControlDatabase } from '@floe/database';
import type { Zones } from '@floe/schedule';
import type { Log } from '@floe/telemetry';

/** What the RPCs of metadata work with. */
export type RpcContext = {
  readonly db: ControlDatabase['db'];
  readonly log: Log;
  /** For when schedules are due. */
  readonly zones: Zones;
  /** Hosts of the own network that HTTP connections may lead to. */
  readonly httpHosts: readonly string[];
};
