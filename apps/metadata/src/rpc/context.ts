import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';

/** What the RPCs of metadata work with. */
export type RpcContext = {
  readonly db: ControlDatabase['db'];
  readonly log: Log;
};
