import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';

/** Replaces the file whole: a reader sees the old content or the new one, also after a power cut. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const partial = `${path}.${randomUUID()}`;
  {
    await using file = await open(partial, 'wx', 0o600);
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    await file.sync();
  }
  await rename(partial, path);
}

/** The content of the file, or undefined when there is none or it is no JSON. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
