/** The replica that reporting reads, where it reads one: how far it is behind the control database. */
import type { TargetAddress } from '@floe/database';
import { toFloeError } from '@floe/errors';
import { formatBytes } from '../render/amounts.ts';
import { failed, ok, warning, type Finding } from './check.ts';

export type ReplicaFacts = {
  readonly isReplica: boolean;
  readonly behindBytes: number;
};

// A segment of PostgreSQL's log: a fraction of a second of Floe at its fastest.
const BEHIND_BYTES_MAX = 16 * 1024 ** 2;
const STATEMENT_WITHIN_MS = 5_000;

export async function checkReplica(
  primary: TargetAddress,
  replica: TargetAddress,
): Promise<Finding> {
  const { openTarget } = await import('@floe/database');
  const options = { applicationName: 'floe:doctor', statementTimeoutMs: STATEMENT_WITHIN_MS };
  try {
    await using source = await openTarget(primary, options);
    await using copy = await openTarget(replica, options);
    const [written] = await source.query<{ place: string }>(
      'select pg_current_wal_lsn()::text as place',
    );
    const [facts] = await copy.query<ReplicaFacts>(
      `select pg_is_in_recovery() as "isReplica",
        coalesce(pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn()), 0)::float8 as "behindBytes"`,
      [written!.place],
    );
    return judgeReplica(facts!);
  } catch (thrown) {
    const mend =
      'Correct FLOE_REPORTING_DATABASE_URL, or unset it: reporting then reads the control database.';
    return failed('replica', toFloeError(thrown).message, mend);
  }
}

export function judgeReplica({ isReplica, behindBytes }: ReplicaFacts): Finding {
  if (!isReplica) return ok('replica', 'reporting reads a database that is no replica');
  if (behindBytes <= BEHIND_BYTES_MAX) return ok('replica', 'it keeps up');
  return warning(
    'replica',
    `it is ${formatBytes(behindBytes)} behind`,
    'Reports are old by as much. A long query there may hold it up (max_standby_streaming_delay), or its disk or network is slow; without FLOE_REPORTING_DATABASE_URL reporting reads the control database.',
  );
}
