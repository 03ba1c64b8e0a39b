import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { formatBytes } from '../render/amounts.ts';
import { failed, ok, warning, type Finding } from './check.ts';
import { isAtLeast } from './compare-versions.ts';

// The first one that runs TypeScript as Floe is written, without a flag.
const NODE_VERSION_MIN = '24.12.0';
// The demo needs about one; datasets of real runs grow with the data.
const FREE_BYTES_WANTED = 5 * 1024 ** 3;
const FREE_BYTES_MIN = 1024 ** 3;

export function checkNode(): Finding {
  const version = process.versions.node;
  if (isAtLeast(version, NODE_VERSION_MIN)) return ok('node', `version ${version}`);
  return failed('node', `version ${version}`, `Install Node.js ${NODE_VERSION_MIN} or newer.`);
}

/** Free space where the state folder is, or will be. */
export async function checkDisk(stateDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(stateDir));
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free in ${stateDir}`;
  if (free >= FREE_BYTES_WANTED) return ok('disk', found);
  const mend = 'Free some space, or choose another folder with --state-dir.';
  return free >= FREE_BYTES_MIN ? warning('disk', found, mend) : failed('disk', found, mend);
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

/** Whether `floe up` would get these ports of loopback. */
export async function checkPorts(ports: readonly number[]): Promise<Finding> {
  const taken: number[] = [];
  for (const port of ports) if (!(await isFree(port))) taken.push(port);
  if (taken.length === 0) return ok('ports', `${ports.join(', ')} are free`);
  return failed(
    'ports',
    `${taken.join(', ')} taken by another program`,
    'Stop that program, or choose other ports with floe up --port-base.',
  );
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
