import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FloeError } from '@floe/errors';
import { workspaceRoot } from './workspace-root.ts';

const consoleFolder = join(workspaceRoot, 'apps/console');
const stampFile = join(consoleFolder, 'dist/.sources');
// A build takes some 3 s on two cores; more than this is a hang.
const BUILD_WITHIN_MS = 120_000;

/**
 * Builds the console when its sources are not those of the last build. In a checkout nothing else builds it; an image
 * carries the built files. Errors: INTERNAL with what the build printed.
 */
export async function ensureConsole(report: (line: string) => void): Promise<void> {
  const sources = await fingerprint();
  if ((await readStamp()) === sources) return;
  report('building the console (once)');
  const vite = join(workspaceRoot, 'node_modules/vite/bin/vite.js');
  try {
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: consoleFolder,
      // What runs this may be a test: people are never served the slower build that Vite makes for those.
      env: { ...process.env, NODE_ENV: 'production' },
      timeout: BUILD_WITHIN_MS,
    });
  } catch (thrown) {
    throw new FloeError('INTERNAL', `the console cannot be built: ${String(thrown)}`, {
      cause: thrown,
    });
  }
  await writeFile(stampFile, sources);
}

async function readStamp(): Promise<string | undefined> {
  try {
    return await readFile(stampFile, 'utf8');
  } catch (thrown) {
    const code: unknown = Reflect.get(Object(thrown), 'code');
    if (code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Of every source file of the console and of the client that it is built with, and of the versions in use. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['apps/console/src', 'libs/client/src', 'libs/errors/src']) {
    const root = join(workspaceRoot, folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) hash.update(file).update(await readFile(file));
  }
  for (const file of [
    'apps/console/index.html',
    'apps/console/vite.config.ts',
    'package-lock.json',
  ]) {
    hash.update(await readFile(join(workspaceRoot, file)));
  }
  return hash.digest('hex');
}
