import pg from 'pg';
import { toControlError } from '../control-error.ts';
import { sessionOptions } from '../session-options.ts';

/** A connection with the rights of the address itself, not of the role of a service. Whatever fails is a FloeError. */
export async function withMigrator<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'floe-migrate',
    options: sessionOptions(),
  });
  // A connection that breaks rejects the query in flight, which reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw toControlError(error);
  } finally {
    await client.end();
  }
}
