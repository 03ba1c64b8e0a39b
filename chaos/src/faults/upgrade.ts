import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assert } from '@floe/errors';
import type { ChaosFloe } from '../chaos-floe.ts';
import type { Fault } from '../fault.ts';
import { REMOTE_NAME } from '../network/remote-executor.ts';
import { persist } from '../patience.ts';
import { signal } from '../processes.ts';
import type { Version } from '../upgrade/versions.ts';

// As the docs say it: who is asked before who asks, and executors last.
const ORDER = ['metadata', 'scheduler', 'reporting', 'gateway', 'executor'];
// An executor lets its work end for 25 s, and whatever starts may take a minute on a machine that is busy.
const REPLACED = { withinMs: 120_000, everyMs: 50 };
const MIGRATED_WITHIN_MS = 120_000;

/**
 * All services are replaced by those of another version, one process after the other, while runs go on: to the newer
 * version, whose schema is brought in first, and the next time back to the older one, which lives with that schema.
 */
export const upgrade: Fault = {
  name: 'upgrade',
  async begin({ floe }) {
    const version = await floe.versions.change();
    await migrate(floe, version);
    return async () => {
      for (const part of ORDER) await replaceAll(floe, part);
      await requireVersion(floe, version);
    };
  },
};

/** By the command of that version, as a person does it. The older one finds nothing to do. */
async function migrate({ embedded }: ChaosFloe, { folder }: Version): Promise<void> {
  const command = join(folder, 'apps', 'cli', 'src', 'main.ts');
  const env = { ...process.env, FLOE_DATABASE_URL: embedded.databaseUrl };
  const options = { env, timeout: MIGRATED_WITHIN_MS };
  await promisify(execFile)(process.execPath, [command, 'db', 'migrate'], options);
}

async function replaceAll({ embedded }: ChaosFloe, part: string): Promise<void> {
  const ofPart = embedded
    .processes()
    .filter(({ name }) => name === part || name.startsWith(`${part}-`));
  for (const old of ofPart) {
    signal(old.pid, 'SIGTERM');
    await persist(async () => {
      const isReplaced = embedded
        .processes()
        .some(({ name, pid }) => name === old.name && pid !== old.pid);
      if (!isReplaced) throw new Error(`${old.name} was not replaced in time`);
    }, REPLACED);
  }
}

/**
 * What says its version, says the right one: else nothing was tried. The executor on the other host stays what it was, and
 * works on among the others.
 */
async function requireVersion(floe: ChaosFloe, { name }: Version): Promise<void> {
  const executors = await floe.sql<{ version: string }>(
    'control',
    `select version from floe.executor where state = 'active' and last_seen_at > clock_timestamp() - interval '5 s'
       and executor_id not like '${REMOTE_NAME}-%'`,
  );
  assert(
    executors.every(({ version }) => version === name),
    `all executors are of version ${name}`,
  );
}
