import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  canReach,
  createCluster,
  findPostgresBinaries,
  findUnprivilegedUser,
  privateFolderFor,
  workspaceRoot,
  type Cluster,
  type SystemUser,
} from '@floe/embedded';
import { createOtherCluster, findOtherPostgres, type OtherPostgres } from './other-postgres.ts';

export const TEST_USER = 'floe';
export const TEST_PASSWORD = 'floe-test';

// To be raised with every change of the settings below, so that a template of the older kind is not used.
const TEMPLATE = 'postgres-template-2';

// A test needs speed, and must survive a killed server but not a lost machine: nothing is synced. One round of hashing makes a login cheap; it is still a
// login, so that a wrong password is refused. The connections are for tests that start many services.
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  scram_iterations: '1',
  max_connections: '200',
  shared_buffers: '32MB',
  timezone: 'UTC',
};

/** Copies a template cluster, made on first use, to `dataDir`; much faster than initialising one. */
export async function copyTemplateCluster(dataDir: string): Promise<Cluster> {
  const user = await findUnprivilegedUser();
  const other = await findOtherPostgres();
  const binaries = other?.binaries ?? (await findPostgresBinaries(user));
  const template = await ensureTemplate({ binaries, user, other });
  await chownTo(dirname(dataDir), user);
  // As the user itself, so that the copies belong to it; -R and -p are in every cp.
  await promisify(execFile)('cp', ['-Rp', template, dataDir], {
    cwd: '/',
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  return { binaries, dataDir, ...(user && { user }) };
}

async function ensureTemplate(options: {
  binaries: Cluster['binaries'];
  user: SystemUser | undefined;
  other: OtherPostgres | undefined;
}): Promise<string> {
  const { binaries, user, other } = options;
  const name = other === undefined ? TEMPLATE : `${TEMPLATE}-${other.version}`;
  const template = join(await templateFolder(user), name);
  if (await exists(template)) return template;
  const partial = `${template}-${randomUUID()}`;
  await mkdir(partial);
  await chownTo(partial, user);
  const cluster = { binaries, dataDir: join(partial, 'data'), ...(user && { user }) };
  const asked = { superuser: TEST_USER, password: TEST_PASSWORD, settings: SETTINGS };
  await (other === undefined
    ? createCluster(cluster, asked)
    : createOtherCluster(cluster, { ...asked, version: other.version }));
  // Whoever is first wins; the others find the same thing in place.
  await rename(join(partial, 'data'), template).catch(async (error: unknown) => {
    if (!(await exists(template))) throw error;
  });
  await rm(partial, { recursive: true, force: true });
  return template;
}

async function templateFolder(user: SystemUser | undefined): Promise<string> {
  const cache = join(workspaceRoot, '.cache', 'postgres');
  await mkdir(cache, { recursive: true, mode: 0o755 });
  return user && !(await canReach(cache, user)) ? privateFolderFor(cache) : cache;
}

async function chownTo(folder: string, user: SystemUser | undefined): Promise<void> {
  if (user) await chown(folder, user.uid, user.gid);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
