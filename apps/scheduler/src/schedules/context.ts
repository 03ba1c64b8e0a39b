import type { ControlDatabase } from '@floe/database';
import type { Zones } from '@floe/schedule';
import type { RpcContext } from '../rpc/context.ts';

/** What the run of a slot is made of. */
export type ScheduleContext = Pick<RpcContext, 'plans' | 'newId'> & {
  readonly db: ControlDatabase['db'];
  readonly zones: Zones;
};
