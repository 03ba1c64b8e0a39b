import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type ReplicaState = { readonly is_replica: boolean; readonly lag_ms: number };

/** How far what is read is behind. A replica that has replayed all that it received is not behind, however idle. */
export async function readReplicaState(db: Deps['db']): Promise<ReplicaState> {
  const query = sql<ReplicaState>`/* reporting.read_replica_state */
    select pg_is_in_recovery() as is_replica,
           case when not pg_is_in_recovery() or pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
             else coalesce(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000, 0)
           end::bigint as lag_ms`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows[0]!;
}
