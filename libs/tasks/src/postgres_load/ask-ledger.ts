import type { FloeError } from '@floe/errors';
import type { FoundConnection } from '../open-connection.ts';
import { type LedgerState, type LoadKey, lockIfOpened } from './load-ledger.ts';

/** A transaction that is still ending holds the row no longer than this. */
const LOCK_TIMEOUT_MS = 30_000;

export type LedgerQuestion = {
  readonly key: LoadKey;
  readonly connection: FoundConnection;
  readonly traceparent: string | undefined;
};

/**
 * Whether the load has taken effect after all, over a session of its own: that of the attempt may be gone. The lock
 * waits for a transaction that may still be ending. Throws the failure when the load is still open; LOAD_FENCED when it
 * belongs to a newer attempt.
 */
export async function askLedger(
  { key, connection, traceparent }: LedgerQuestion,
  failure: FloeError,
): Promise<LedgerState & { kind: 'done' }> {
  await using session = await connection.open({ traceparent });
  const state = await session.transaction('begin', async () => {
    await session.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    return lockIfOpened(session, key);
  });
  if (state?.kind === 'done') return state;
  throw failure;
}
