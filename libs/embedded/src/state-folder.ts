import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

// Only this user reads what is in them.
const PRIVATE_FOLDERS = ['logs', 'nats', 'datasets', 'compile-cache'];

/**
 * Makes the state folder. Another account may pass through it, to the database that runs as one, but sees nothing. A
 * folder that was there before with something in it keeps its mode: it may be more than Floe's.
 */
export async function openStateFolder(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true });
  const isFresh = (await readdir(stateDir)).length === 0;
  if (isFresh) await chmod(stateDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const name of PRIVATE_FOLDERS) {
    await mkdir(join(stateDir, name), { recursive: true, mode: 0o700 });
  }
}
