/** The browser that the tests of the console look through: Debian's Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
// A package of a hundred megabytes from a mirror nearby; a machine without one must not wait for long.
const INSTALL_WITHIN_MS = 150_000;

/** Chromium of the path; where there is none and this is root on Debian, it is installed. Undefined: there is none. */
export function findChromium(): string | undefined {
  const found = inPath();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', words, { timeout: INSTALL_WITHIN_MS, stdio: 'ignore', env });
  }
  return inPath();
}

function inPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}
