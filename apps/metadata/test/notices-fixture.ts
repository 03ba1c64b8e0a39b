/**
 * Metadata as a process that can be killed, on a PostgreSQL, with a web server and a mail server that people would have.
 * Runs begin and end as the scheduler writes them, under its role.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrate, openTarget, type TargetSession } from '@floe/database';
import { createRpcClient } from '@floe/rpc';
import { MetadataService } from '@floe/rpc/contracts';
import { freePort, startTestPostgres } from '@floe/testing';
import { startMetadataProcess, type MetadataProcess } from './metadata-process.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const HOOK_KEY = 'a key of the test';

export type NoticesFixture = Awaited<ReturnType<typeof startNoticesFixture>>;

export async function startNoticesFixture(settings: Readonly<Record<string, string>>) {
  const owned = new AsyncDisposableStack();
  const postgres = owned.use(await startTestPostgres());
  const databaseUrl = await postgres.createDatabase('control');
  await migrate(databaseUrl);
  const { host, port, user, password } = postgres;
  const openSession = async () =>
    owned.use(
      await openTarget(
        { host, port, user, password, database: 'control' },
        { applicationName: 'test', statementTimeoutMs: 10_000 },
      ),
    );
  const session = await openSession();
  const address = `127.0.0.1:${await freePort()}`;
  const env = {
    HOOK_KEY,
    FLOE_DATABASE_URL: databaseUrl,
    FLOE_METADATA_LISTEN: address,
    FLOE_GATEWAY_URL: 'http://floe.example',
    ...settings,
  };
  const processes: MetadataProcess[] = [];
  const client = owned.use(
    disposable(createRpcClient(MetadataService, { addresses: [address], name: 'metadata' })),
  );
  owned.defer(async () => void (await Promise.all(processes.map((started) => started.kill()))));
  return {
    session,
    client,
    hookKey: HOOK_KEY,
    async start() {
      const started = await startMetadataProcess(env);
      processes.push(started);
      return started;
    },
    /** Starts one that is not to become ready. Answers what it says. */
    async startFailing(changes: Readonly<Record<string, string>>): Promise<string> {
      const child = fork(MAIN, {
        env: { PATH: process.env['PATH'], FLOE_LOG_LEVEL: 'silent', ...env, ...changes },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      let said = '';
      child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(child, 'exit');
      return said;
    },
    openSession,
    query: (sql: string) => session.query<Record<string, unknown>>(sql),
    endRun: (run: EndedRun) => endRun(session, run),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function disposable<Client extends { close(): void }>(client: Client) {
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

export type EndedRun = {
  readonly workflow: string;
  readonly state: 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'running';
  readonly error?: string;
  readonly count?: number;
};

/** Runs that began a minute ago and end now; `running` ones go on. Answers their ids. */
async function endRun(
  session: TargetSession,
  { workflow, state, error = 'no table named x', count = 1 }: EndedRun,
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, newRunId);
  await session.query('set role floe_scheduler');
  await session.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, started_at,
       deadline_at, wake_at, trace_id, span_id, trace_flags)
     select id, $1, 1, 'running', 'manual', '{}', clock_timestamp() - interval '1 minute',
       clock_timestamp() - interval '1 minute', clock_timestamp() + interval '1 day',
       clock_timestamp() + interval '1 day', 'aa', 'bb', 0
     from unnest($2::uuid[]) id`,
    [workflow, ids],
  );
  if (state !== 'running') {
    const failure = { code: 'TABLE_NOT_FOUND', message: error, taskId: 'store' };
    const isBad = state === 'failed' || state === 'timed_out';
    await session.query(
      `update floe.run set state = $1, ended_at = clock_timestamp(), wake_at = null, failure = $2::jsonb
       where run_id = any($3::uuid[])`,
      [state, isBad ? JSON.stringify(failure) : null, ids],
    );
  }
  await session.query('reset role');
  return ids;
}

let serial = 0;

/** UUID version 7, in the order of the calls. */
function newRunId(): string {
  serial += 1;
  const time = Date.now().toString(16).padStart(12, '0');
  const count = serial.toString(16).padStart(3, '0');
  const rest = randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest}`;
}
