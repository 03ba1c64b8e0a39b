/** Several transactions, on whatever hosts, that see the same rows. */
import type { TargetSession } from '@floe/database/target';
import { type ErrorCode, FloeError } from '@floe/errors';

/** All statements of an extract see the same rows. */
export const BEGIN = 'begin isolation level repeatable read read only';

const SNAPSHOT_ID = /^[0-9A-F-]{1,64}$/;

/** The name of what this transaction sees. Others can join as long as it goes on. */
export async function exportSnapshot(session: TargetSession): Promise<string> {
  const [row] = await session.query<{ id: string }>('select pg_export_snapshot() as id');
  return checkId(row?.id ?? '');
}

/** The first statement of a transaction that is to see what another one does. */
export async function importSnapshot(session: TargetSession, id: string): Promise<void> {
  await session.query(`set transaction snapshot '${checkId(id)}'`);
}

/** What PostgreSQL says of a snapshot that nobody holds; before 17 it took its id for an invalid value. */
const ABOUT_THE_SNAPSHOT: readonly ErrorCode[] = ['QUERY_FAILED', 'VALUE_INVALID'];

/** The same, of a snapshot that somebody else holds. Errors: SNAPSHOT_GONE when nobody does any more. */
export async function joinSnapshot(session: TargetSession, id: string): Promise<void> {
  try {
    await importSnapshot(session, id);
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || !ABOUT_THE_SNAPSHOT.includes(thrown.code)) throw thrown;
    throw new FloeError('SNAPSHOT_GONE', `the snapshot is no longer held: ${thrown.message}`, {
      cause: thrown,
      hint: 'The partitions begin again from a new snapshot. Does a pooler or a replica stand between them?',
    });
  }
}

function checkId(id: string): string {
  if (SNAPSHOT_ID.test(id)) return id;
  throw new FloeError('INTERNAL', `${JSON.stringify(id)} is no id of a snapshot`);
}
