/**
 * The PostgreSQL of an embedded Floe: a cluster in the state folder that lives as long as the folder.
 *
 *   G1. It is durable: fsync is on, and a cluster that was not made whole is made again.
 *   G2. It listens on loopback only, and only with the password, which is in a file for this user alone.
 *   G3. A cluster is never made beside an older one: where that cannot be used, the start fails and says why.
 */
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FloeError } from '@floe/errors';
import type { ChildSpec } from './child-process.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { createCluster, postgresSpec, type Cluster } from './postgres-cluster.ts';
import { removeMisleadingPidFile } from './postmaster-pid.ts';
import { privateFolderFor } from './private-folder.ts';
import { canReach, findUnprivilegedUser, type SystemUser } from './system-user.ts';

export type FloePostgres = {
  readonly spec: ChildSpec;
  readonly user: string;
  readonly passwordFile: string;
  /** The address of a database, with the password in it. */
  url(database: string): string;
};

const SUPERUSER = 'floe';

// Services, their pools and users' tasks on the demo database together.
const SETTINGS = { max_connections: '200', timezone: 'UTC', log_timezone: 'UTC' };

/** Makes the cluster when there is none. */
export async function prepareFloePostgres(options: {
  stateDir: string;
  port: number;
  logFile: string;
  readonly report: (line: string) => void;
}): Promise<FloePostgres> {
  const { stateDir, port, logFile, report } = options;
  const user = await findUnprivilegedUser();
  const dataDir = await chooseDataDir(stateDir, user);
  const binaries = await findPostgresBinaries(user);
  const cluster: Cluster = { binaries, dataDir, ...(user && { user }) };
  const passwordFile = join(stateDir, 'postgres-password');
  if (!(await exists(join(dataDir, 'PG_VERSION')))) {
    report(`making a database in ${dataDir} (once)`);
    await makeCluster(cluster, passwordFile);
  }
  await removeMisleadingPidFile(dataDir);
  const password = await readPassword(passwordFile);
  return {
    spec: postgresSpec(cluster, { port, logFile }),
    user: SUPERUSER,
    passwordFile,
    url: (database) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
  };
}

async function chooseDataDir(stateDir: string, user: SystemUser | undefined): Promise<string> {
  const usual = join(stateDir, 'postgres');
  if (!user || (await canReach(stateDir, user))) return usual;
  if (await exists(usual)) {
    throw new FloeError(
      'CONFIGURATION_INVALID',
      `the database is in ${usual}, where the account ${user.name} that PostgreSQL runs as cannot reach it`,
      { hint: `Let it pass through the folders above (chmod o+x), or move ${stateDir} elsewhere.` },
    );
  }
  return join(await privateFolderFor(stateDir), 'postgres');
}

/** In a folder beside, renamed when it is whole. */
async function makeCluster(cluster: Cluster, passwordFile: string): Promise<void> {
  const nursery = `${cluster.dataDir}.new`;
  await rm(nursery, { recursive: true, force: true });
  await mkdir(nursery, { mode: 0o700 });
  if (cluster.user) await chown(nursery, cluster.user.uid, cluster.user.gid);
  const password = randomBytes(24).toString('base64url');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  const dataDir = join(nursery, 'data');
  await createCluster(
    { ...cluster, dataDir },
    { superuser: SUPERUSER, password, settings: SETTINGS },
  );
  await rename(dataDir, cluster.dataDir);
  await rm(nursery, { recursive: true, force: true });
}

async function readPassword(passwordFile: string): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim();
  } catch (cause) {
    throw new FloeError(
      'SECRET_UNAVAILABLE',
      `the password of the database cannot be read: ${passwordFile}`,
      {
        cause,
        hint: 'Bring the file back, or remove the state folder to begin with an empty one.',
      },
    );
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
