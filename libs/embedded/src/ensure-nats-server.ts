import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FloeError, toFloeError } from '@floe/errors';
import { fetchNatsRelease } from './fetch-nats-release.ts';
import { NATS_RELEASE_URL } from './nats-releases.ts';
import { unpackDebianNats } from './unpack-debian-nats.ts';

export type EnsureNatsOptions = {
  /** Where fetched tools are kept, for the next time. */
  readonly toolsDir: string;
  /** Gets a line for each thing that takes time. */
  readonly report: (line: string) => void;
  readonly searchPath?: string;
  readonly releaseUrl?: string;
};

/**
 * The path of a nats-server: the one in PATH, one fetched earlier, the official release (verified against its
 * checksums), or the package of Debian, in this order. TOOL_MISSING says what was tried when there is none.
 */
export async function ensureNatsServer(options: EnsureNatsOptions): Promise<string> {
  const { toolsDir, report, searchPath = usualPath() } = options;
  const found = (await findInPath(searchPath)) ?? (await findFetched(toolsDir));
  if (found !== undefined) return found;
  const tried: string[] = [];
  for (const [way, obtain] of [
    ['release', () => fetchNatsRelease({ releaseUrl: NATS_RELEASE_URL, ...options })],
    ['Debian package', () => unpackDebianNats({ toolsDir, report })],
  ] as const) {
    try {
      return await obtain();
    } catch (error) {
      tried.push(`${way}: ${toFloeError(error).message}`);
    }
  }
  throw new FloeError(
    'TOOL_MISSING',
    `nats-server is not in PATH, and could not be fetched (${tried.join('; ')})`,
    {
      hint:
        'Install it (apt-get install nats-server, brew install nats-server, or from ' +
        'https://github.com/nats-io/nats-server/releases) so that it is in PATH, or set FLOE_NATS_URL to a server that runs.',
    },
  );
}

// Debian puts the server where only root's PATH looks.
function usualPath(): string {
  return [process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter);
}

async function findInPath(searchPath: string): Promise<string | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return firstExecutable(folders.map((folder) => join(folder, 'nats-server')));
}

async function findFetched(toolsDir: string): Promise<string | undefined> {
  const names = await readdir(toolsDir).catch(ignoreMissing);
  const folders = names.filter((name) => name.startsWith('nats-server-'));
  // Sorted backwards, a release (nats-server-v...) comes before the older package of Debian (nats-server-debian-...).
  const newestFirst = folders.toSorted().toReversed();
  return firstExecutable(newestFirst.map((name) => join(toolsDir, name, 'nats-server')));
}

function ignoreMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
