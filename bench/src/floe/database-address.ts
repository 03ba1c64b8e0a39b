import { readFile } from 'node:fs/promises';
import type { TargetAddress } from '@floe/database';
import type { Endpoints } from '@floe/embedded';

/** How to log in to the database for users' data. Holds the password. */
export async function databaseAddress({ postgres }: Endpoints): Promise<TargetAddress> {
  const { host, port, user, passwordFile, demoDatabase: database } = postgres;
  const password = (await readFile(passwordFile, 'utf8')).trim();
  return { host, port, user, database, password };
}
