import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import {
  APPLICATION_NAME_LENGTH,
  closeClient,
  connectClient,
  connectionOf,
} from './connect-client.ts';
import type { TargetAddress } from './target-address.ts';
import { toTargetError } from './target-error.ts';

/** A cancelled statement ends within this, or its session is ended: together with the rest within a cancel's 2 s. */
const CANCEL_GRACE_MS = 500;
const POLL_MS = 50;
/** A few round trips; a server or network that has fallen silent in between must not hold up whoever cancels. */
const ANSWERS_WITHIN_MS = 5_000;

export type CancelOptions = {
  /** How the application name of the session begins. */
  readonly name?: string;
  readonly withinMs?: number;
};

/**
 * Ends a session of ours from outside: cancels its statement, and then ends the session, so that nothing that is still
 * on its way to the server runs either. Server process ids are used again, and poolers lend them to others, so only a
 * session whose name begins so is touched. Ends in time, also when the server falls silent.
 * Errors: CONNECTION_FAILED, CREDENTIALS_REFUSED, QUERY_FAILED.
 */
export async function cancelBackend(
  address: TargetAddress,
  backendPid: number,
  { name = 'floe:', withinMs = ANSWERS_WITHIN_MS }: CancelOptions = {},
): Promise<void> {
  const client = await connectClient(address, 'floe:cancel');
  const signalBackend = (signal: 'pg_cancel_backend' | 'pg_terminate_backend') =>
    client.query(
      `select ${signal}(pid) from pg_stat_activity where pid = $1 and starts_with(application_name, left($2, $3))`,
      [backendPid, name, APPLICATION_NAME_LENGTH],
    );
  const timer = setTimeout(() => connectionOf(client).stream.destroy(), withinMs);
  try {
    await signalBackend('pg_cancel_backend');
    for (let waitedMs = 0; waitedMs < CANCEL_GRACE_MS; waitedMs += POLL_MS) {
      if (!(await isActive(client, backendPid))) break;
      await delay(POLL_MS);
    }
    await signalBackend('pg_terminate_backend');
  } catch (thrown) {
    throw toTargetError(thrown, address);
  } finally {
    clearTimeout(timer);
    await closeClient(client);
  }
}

async function isActive(client: Client, backendPid: number): Promise<boolean> {
  const result = await client.query(
    `select from pg_stat_activity where pid = $1 and state = 'active'`,
    [backendPid],
  );
  return result.rows.length > 0;
}
