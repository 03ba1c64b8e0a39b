import type { Zones } from '@floe/schedule';
import type { RpcContext } from './context.ts';

/** What the RPCs about schedules and backfills work with. */
export type ScheduleRpcContext = Pick<RpcContext, 'db' | 'newId'> & { readonly zones: Zones };
