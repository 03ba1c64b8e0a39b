/**
 * One Floe per state folder.
 *
 *   K1. At most one live process holds the lock of a folder. (Three that find the same stale lock within one
 *       millisecond could slip through; they would meet at the ports.)
 *   K2. A lock whose process has ended is taken over, also when its pid was given to another process since.
 *   K3. Releasing removes only one's own lock.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { FloeError, assert } from '@floe/errors';
import { identify, isRunning } from './process-identity.ts';

export type FolderLock = { release(): Promise<void> };

type Holder = { readonly pid: number; readonly startedAt: string; readonly since: string };

// Taking over can be lost to another that starts in the same moment, who then holds the lock or has died too.
const ATTEMPTS_MAX = 10;

/** Takes the lock or throws FOLDER_IN_USE with who has it. */
export async function lockFolder(stateDir: string): Promise<FolderLock> {
  const path = join(stateDir, 'lock');
  const own = `${path}.${randomUUID()}`;
  const me = await identify(process.pid);
  assert(me, 'this process runs');
  await writeFile(own, JSON.stringify({ ...me, since: new Date().toISOString() }), { mode: 0o600 });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      if (await tryLink(own, path)) return { release: () => releaseLock(path, own) };
      await takeAwayWhenStale(path, stateDir);
    }
    throw new FloeError('FOLDER_IN_USE', `many processes start on ${stateDir} at once`);
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  }
}

/** A hard link comes into being with its content, or not at all when the name is taken. */
async function tryLink(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function takeAwayWhenStale(path: string, stateDir: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder && (await isRunning(holder))) throw inUse(holder, stateDir);
  // Of several that see the same stale lock one moves it. When that was a fresh one after all, it goes back.
  const moved = `${path}.${randomUUID()}`;
  await rename(path, moved).catch(ignoreMissing);
  const taken = await readHolder(moved);
  if (taken && (await isRunning(taken))) await tryLink(moved, path);
  await rm(moved, { force: true });
}

async function releaseLock(path: string, own: string): Promise<void> {
  const [held, mine] = await Promise.all([readText(path), readText(own)]);
  if (held !== undefined && held === mine) await rm(path, { force: true });
  await rm(own, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readText(path);
  // Links appear whole, so that an unreadable lock is a file that was damaged: nobody holds it.
  return text === undefined ? undefined : parseHolder(text);
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: Partial<Holder> = JSON.parse(text);
    const { pid, startedAt, since = '' } = value;
    return typeof pid === 'number' && typeof startedAt === 'string'
      ? { pid, startedAt, since }
      : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

function inUse(holder: Holder, stateDir: string): FloeError {
  return new FloeError(
    'FOLDER_IN_USE',
    `Floe runs on ${stateDir} already: process ${holder.pid}, since ${holder.since}`,
    {
      details: { pid: String(holder.pid), folder: stateDir, since: holder.since },
      hint: `Use that one, end it (kill ${holder.pid}), or take another folder: FLOE_STATE_DIR=other floe up --port-base 7500`,
    },
  );
}
