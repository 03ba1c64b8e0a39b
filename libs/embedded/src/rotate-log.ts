import { copyFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

// A day of a busy service; two files of it are kept.
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Keeps each log of the folder within bounds: the content of a full one moves to `<name>.1`. The file itself stays,
 * because its writers hold it open; a line that comes in that very moment can be lost.
 */
export async function rotateLogs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).size <= LOG_BYTES_MAX) continue;
    await copyFile(path, `${path}.1`);
    await truncate(path, 0);
  }
}
