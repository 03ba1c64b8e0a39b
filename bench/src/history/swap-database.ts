import type { TargetSession } from '@floe/database';
import { FloeError } from '@floe/errors';

// Services come back to a closed database at once; each try finds fewer of them in between.
const ATTEMPTS_MAX = 50;

/**
 * Puts another database under the services, by its name. They lose their connections, and find the other one when they
 * connect again. The session is one in neither of the two.
 */
export async function swapDatabase(
  session: TargetSession,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await session.query(`alter database ${to} with allow_connections false`);
  await renameAlone(session, to, `${to}_before`);
  await renameAlone(session, from, to);
}

async function renameAlone(session: TargetSession, name: string, newName: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await session.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1',
      [name],
    );
    try {
      await session.query(`alter database ${name} rename to ${newName}`);
      return;
    } catch (error) {
      const isOver = !(error instanceof FloeError) || attempt >= ATTEMPTS_MAX;
      if (isOver) throw error;
    }
  }
}
