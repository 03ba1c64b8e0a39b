import { readFile } from 'node:fs/promises';
import type { Endpoints } from '@floe/embedded';
import { Client } from 'pg';

/** Runs one statement in the demo's database, on a connection of its own. */
export async function querySql<Row extends object>(
  { postgres }: Endpoints,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({
    host: postgres.host,
    port: postgres.port,
    user: postgres.user,
    database: postgres.demoDatabase,
    password: (await readFile(postgres.passwordFile, 'utf8')).trim(),
    application_name: 'floe-e2e',
  });
  // A server that is killed between two statements is what some tests are about; the statement says so.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Row>(text, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
