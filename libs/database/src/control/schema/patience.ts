import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { FloeError } from '@floe/errors';

/** Tries work again that has lost a race for its locks. `name` says of what it is. */
export type Patience = (name: string, work: () => Promise<void>) => Promise<void>;

// With the waits between them two minutes: somebody holds a lock for longer than any part of Floe does.
const LOCK_ATTEMPTS_MAX = 120;
const LOCK_RETRY_MS = 1_000;
const LOST_RACES = new Set(['55P03', '40P01']);

export const patiently: Patience = async (name, work) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (cause) {
      if (attempt < LOCK_ATTEMPTS_MAX && isLostRace(cause)) await delay(LOCK_RETRY_MS);
      else throw failureOf(name, cause);
    }
  }
};

function isLostRace(error: unknown): boolean {
  return error instanceof pg.DatabaseError && LOST_RACES.has(error.code ?? '');
}

function failureOf(name: string, cause: unknown): FloeError {
  if (isLostRace(cause)) {
    return new FloeError(
      'DATABASE_UNAVAILABLE',
      `migration ${name} does not get its locks: somebody holds a table of Floe for minutes`,
      {
        cause,
        hint: 'End the session that pg_stat_activity shows in a long transaction, and migrate again.',
      },
    );
  }
  return new FloeError('INTERNAL', `migration ${name} failed: ${String(cause)}`, { cause });
}
