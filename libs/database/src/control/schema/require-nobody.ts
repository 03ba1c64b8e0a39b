import type pg from 'pg';
import { FloeError } from '@floe/errors';
import type { MigrationFile } from './migration-file.ts';

// Each service that holds connections to the control database names them after itself.
const SERVICES = ['floe-scheduler', 'floe-metadata', 'floe-reporting', 'floe-gateway'];

/**
 * M5. Services look at the schema when they start: those which run would go on over tables that they do not understand.
 * Throws SCHEMA_IN_USE.
 */
export async function requireNobody(
  client: Pick<pg.Client, 'query'>,
  breaking: Pick<MigrationFile, 'name'>,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct application_name as name from pg_stat_activity
     where datname = current_database() and application_name = any($1) order by 1`,
    [SERVICES],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  const message = `the services that run cannot work with what ${breaking.name} makes: ${names}`;
  throw new FloeError('SCHEMA_IN_USE', message, {
    hint: 'Stop all services, migrate, and start those of the new version. Nothing was changed yet.',
  });
}
