/**
 * Runs the tests of the data plane against other majors of PostgreSQL than the one that Floe brings: `npm run servers`.
 *
 * FLOE_TEST_SERVERS names a folder with a folder for each server, in which are `bin/initdb` and `bin/postgres`. Without it
 * nothing is tried, and that is said. docs/guides/servers.md tells where such folders come from.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const workspace = join(import.meta.dirname, '..');
const tasks = join(workspace, 'libs/tasks');
/** Such a run takes a minute; a busy machine several. */
const WITHIN_MS = 900_000;

type Server = { readonly folder: string; readonly version: string };

function findServers(home: string): readonly Server[] {
  return globSync(['*/bin/postgres', '*/native/bin/postgres'], { cwd: home })
    .map((path) => join(home, path, '../..'))
    .filter((folder) => existsSync(join(folder, 'bin/initdb')))
    .map((folder) => {
      const { stdout } = spawnSync(join(folder, 'bin/postgres'), ['--version'], {
        encoding: 'utf8',
      });
      return { folder, version: /\d[\d.]*/.exec(stdout)?.[0] ?? 'of no version' };
    })
    .toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}

/** Tests that start a server; the others would say the same of each. */
function testsOfServers(): readonly string[] {
  return globSync('test/*.test.ts', { cwd: tasks })
    .filter((path) => readFileSync(join(tasks, path), 'utf8').includes('startTestDatabase'))
    .toSorted();
}

function isGood({ folder, version }: Server): boolean {
  process.stdout.write(`\nPostgreSQL ${version} of ${folder}\n`);
  const { status } = spawnSync('npx', ['vitest', 'run', ...testsOfServers()], {
    cwd: tasks,
    env: { ...process.env, FLOE_TEST_POSTGRES: folder },
    stdio: 'inherit',
    timeout: WITHIN_MS,
  });
  return status === 0;
}

const { FLOE_TEST_SERVERS: home = '' } = process.env;
if (home === '')
  process.stdout.write('skipped: FLOE_TEST_SERVERS names no folder of PostgreSQL servers\n');
else {
  const servers = findServers(home);
  if (servers.length === 0) process.stdout.write(`skipped: there is no server in ${home}\n`);
  const results = servers.map((server) => ({ ...server, good: isGood(server) }));
  for (const { version, good } of results)
    process.stdout.write(`PostgreSQL ${version}: ${good ? 'holds' : 'FAILS'}\n`);
  process.exitCode = results.every(({ good }) => good) ? 0 : 1;
}
