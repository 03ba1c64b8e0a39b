import { freePort, startTestPostgres } from '@floe/testing';
import { expect, test } from 'vitest';
import { migrate } from '@floe/database';
import { startMetadataProcess } from './metadata-process.ts';

test('without PostgreSQL metadata is not ready, and alive', async () => {
  await using postgres = await startTestPostgres();
  const databaseUrl = await postgres.createDatabase('control');
  await migrate(databaseUrl);
  const probes = `127.0.0.1:${await freePort()}`;
  await using _process = await startMetadataProcess({
    FLOE_DATABASE_URL: databaseUrl,
    FLOE_METADATA_LISTEN: '127.0.0.1:0',
    FLOE_METRICS_LISTEN: probes,
  });
  const ask = async (path: string) => {
    const answer = await fetch(`http://${probes}${path}`);
    return [answer.status, await answer.text()];
  };
  expect(await ask('/readyz')).toEqual([200, 'ready\n']);
  await postgres.stop();
  expect(await ask('/readyz')).toEqual([503, 'not ready: the control database\n']);
  expect(await ask('/healthz')).toEqual([200, 'alive\n']);
}, 60_000);
