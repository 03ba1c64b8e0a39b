import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetAddress } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import { FloeError } from '@floe/errors';

/**
 * What the last `floe up` on the folder wrote when it was ready, or undefined when there was none. It may have ended
 * since, or crashed.
 */
export async function readEndpoints(stateDir: string): Promise<Endpoints | undefined> {
  const path = join(stateDir, 'endpoints.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new FloeError('CONFIGURATION_INVALID', `${path} cannot be read`, { cause: error });
  }
  return parseEndpoints(text, path);
}

/** `floe up` writes the file whole, so that one of another shape was changed by somebody else. */
function parseEndpoints(text: string, path: string): Endpoints {
  try {
    const value = JSON.parse(text) as Partial<Endpoints>;
    if (typeof value.gateway === 'string' && typeof value.postgres === 'object') {
      return value as Endpoints;
    }
  } catch {
    // Reported below, like every other content that is not what floe up writes.
  }
  throw new FloeError('CONFIGURATION_INVALID', `${path} is not what floe up wrote`, {
    hint: 'Remove the file; the next floe up writes it again.',
  });
}

/** How to log in to a database of an embedded Floe. Holds the password. */
export async function databaseAddress(
  { postgres }: Endpoints,
  database: string,
): Promise<TargetAddress> {
  const { host, port, user, passwordFile } = postgres;
  try {
    const password = (await readFile(passwordFile, 'utf8')).trim();
    return { host, port, user, database, password };
  } catch (cause) {
    throw new FloeError('SECRET_UNAVAILABLE', `the password file ${passwordFile} cannot be read`, {
      cause,
      hint: 'Run the command as the user that started Floe.',
    });
  }
}
