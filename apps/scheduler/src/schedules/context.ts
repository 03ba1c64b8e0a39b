import type { ControlDatabase } from '@floe/database';
import type { Zones } from '@floe/schedule';
import type { Log } from '@floe/telemetry';
import type { RpcContext } from '../rpc/context.ts';

/** What following schedules works with. */
export type ScheduleContext = Pick<RpcContext, 'committer' | 'plans' | 'newId'> & {
  readonly db: ControlDatabase['db'];
  readonly log: Log;
  readonly zones: Zones;
  /** The version of the time zone database of this process. */
  readonly tzdataVersion: string;
};
