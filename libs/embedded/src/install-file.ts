import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts an executable in place whole or not at all, so that several processes may do it at once. */
export async function installExecutable(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}`;
  await writeFile(partial, content, { mode: 0o755 });
  await rename(partial, path);
}
