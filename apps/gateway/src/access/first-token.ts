/**
 * Where tokens are required and no administrator has one, nobody could make the first. So the gateway makes it when it
 * starts and leaves it in a file that only its own user can read; whoever reads it removes it.
 */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toControlError } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { FloeError } from '@floe/errors';
import { hasAdminToken, insertToken, revokeToken } from '../store/tokens.ts';
import { SECRET_BYTES, hashToken, writeToken } from './token-text.ts';

export const FIRST_TOKEN_FILE = 'first-admin-token';

/** The file that holds a token that was made just now; undefined where an administrator has one. */
export async function ensureFirstToken(
  database: ControlDatabase,
  stateDir: string,
  now: Date,
): Promise<string | undefined> {
  try {
    if (await hasAdminToken(database)) return undefined;
    const secret = writeToken(randomBytes(SECRET_BYTES));
    const row = await insertToken(database, {
      tokenId: randomUUIDv7(),
      name: `first-admin-${now.toISOString().slice(0, 10)}`,
      sha256: hashToken(secret),
      level: 'admin',
      workflowNames: [],
      createdBy: 'floe',
      expiresAtMs: null,
    });
    // Another gateway that starts at this moment has made it.
    if (row === undefined) return undefined;
    return await leave(secret, join(stateDir, FIRST_TOKEN_FILE), () =>
      revokeToken(database, row.token_id, 'floe'),
    );
  } catch (thrown) {
    throw toControlError(thrown);
  }
}

/** A token that nobody can read would keep everybody out: it is taken back, and the next start makes another. */
async function leave(
  secret: string,
  path: string,
  takeBack: () => Promise<unknown>,
): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    return path;
  } catch (thrown) {
    await takeBack();
    throw new FloeError('CONFIGURATION_INVALID', `${path} cannot be written`, {
      cause: thrown,
      details: { variable: 'FLOE_STATE_DIR' },
      hint: 'The first token of an administrator is left there: let the gateway write into the folder.',
    });
  }
}
