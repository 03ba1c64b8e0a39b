import type { TargetAddress, TargetSession } from '@floe/database';
import { toFloeError } from '@floe/errors';
import { formatDuration } from '../render/amounts.ts';
import { failed, ok, warning, type Finding } from './check.ts';
import { judgeControl, judgePools } from './judge-control.ts';
import { readControl } from './read-control.ts';

// Older ones lack what the control database uses.
const MAJOR_VERSION_MIN = 15;
// Leases are a few seconds long and counted on the database's clock; people compare its times with their own.
const CLOCK_SKEW_MS_MAX = 1_000;

type Row = { version: string; major: number; now_ms: number };

/** Logs in to the control database and compares its clock with this one's. */
export async function checkDatabase(
  address: TargetAddress,
  schedulers = 1,
): Promise<readonly Finding[]> {
  const { openTarget } = await import('@floe/database');
  try {
    await using session = await openTarget(address, {
      applicationName: 'floe:doctor',
      statementTimeoutMs: 5_000,
    });
    const askedAt = Date.now();
    const [row] = await session.query<Row>(
      `select current_setting('server_version') as version,
              current_setting('server_version_num')::integer / 10000 as major,
              extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
    );
    const answeredAt = Date.now();
    const server = [judgeVersion(row!), judgeClock(row!.now_ms - (askedAt + answeredAt) / 2)];
    const schema = await checkSchema(address);
    // Without its tables there is nothing else to look at.
    const work = schema.result === 'failed' ? [] : await checkWork(session, schedulers);
    return [...server, schema, ...work];
  } catch (thrown) {
    const error = toFloeError(thrown);
    return [
      failed('postgres', error.message, error.hint ?? 'Its log says why it does not answer.'),
    ];
  }
}

async function checkWork(session: TargetSession, schedulers: number): Promise<readonly Finding[]> {
  const { POOL_SIZES } = await import('@floe/database');
  const facts = await readControl(session);
  return [...judgeControl(facts), judgePools(facts, { poolSizes: POOL_SIZES, schedulers })];
}

/** Whether the tables are those that this version knows. */
async function checkSchema(address: TargetAddress): Promise<Finding> {
  const { readSchemaStatus } = await import('@floe/database');
  const states = await readSchemaStatus(urlOf(address));
  const inState = (state: string) => states.filter((migration) => migration.state === state);
  const [pending, unknown, changed] = ['pending', 'unknown', 'changed'].map(inState);
  if (unknown!.length > 0) {
    const found = `${unknown!.at(-1)!.name} is of a newer Floe`;
    return warning('migrations', found, 'Run the version that made it.');
  }
  if (pending!.length > 0) {
    const found = `${pending!.length} pending, from ${pending![0]!.name} on`;
    return failed('migrations', found, 'Run floe db migrate.');
  }
  if (changed!.length > 0) {
    const found = `${changed![0]!.name} was changed after it was applied`;
    return warning('migrations', found, 'Install the release again: its files are not its own.');
  }
  return ok('migrations', `all ${states.length} are applied`);
}

function urlOf({ host, port, user, password, database }: TargetAddress): string {
  const url = new URL(`postgres://${host.includes(':') ? `[${host}]` : host}:${port}`);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

function judgeVersion({ version, major }: Row): Finding {
  if (major >= MAJOR_VERSION_MIN) return ok('postgres', `version ${version}`);
  return failed('postgres', `version ${version}`, `Use PostgreSQL ${MAJOR_VERSION_MIN} or newer.`);
}

function judgeClock(skewMs: number): Finding {
  const found = `the database's clock is ${formatDuration(Math.abs(skewMs))} ${skewMs < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(skewMs) <= CLOCK_SKEW_MS_MAX) return ok('clock', found);
  return warning('clock', found, 'Let both machines take their time from NTP.');
}
