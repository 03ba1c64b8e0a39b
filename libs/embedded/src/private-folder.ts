import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

// Only root stands before a folder that the account of PostgreSQL cannot reach, and only root writes here. Unlike
// /tmp and /var/tmp nothing sweeps it.
const PARENT = '/var/lib/floe';

/**
 * The folder that stands in for one that an unprivileged account cannot reach, as below `/root`: always the same for
 * the same path.
 */
export async function privateFolderFor(unreachable: string): Promise<string> {
  const hash = createHash('sha256').update(resolve(unreachable)).digest('hex').slice(0, 12);
  const folder = join(PARENT, hash);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}
