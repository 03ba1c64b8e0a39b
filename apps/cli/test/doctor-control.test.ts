import { migrate, openTarget, type TargetAddress, type TargetSession } from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDatabase } from '../src/doctor/check-database.ts';
import { checkReplica, judgeReplica } from '../src/doctor/check-replica.ts';

let postgres: TestPostgres;
let address: TargetAddress;
let session: TargetSession;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(await postgres.createDatabase('control'));
  const { host, port, user, password } = postgres;
  address = { host, port, user, password, database: 'control' };
  session = await openTarget(address, { applicationName: 'test', statementTimeoutMs: 10_000 });
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await postgres.stop();
});

async function finding(check: string) {
  return (await checkDatabase(address)).find((one) => one.check === check);
}

/** What is wrong within the body is mended after it. */
async function within(
  statements: readonly string[],
  undo: readonly string[],
  body: () => Promise<void>,
) {
  for (const statement of statements) await session.query(statement);
  try {
    await body();
  } finally {
    for (const statement of undo) await session.query(statement);
  }
}

test('a fresh database is well', async () => {
  const findings = await checkDatabase(address);
  // The PostgreSQL of tests does not wait for the disk, and doctor says so.
  const others = findings.filter(({ check }) => check !== 'durability');
  expect(others.filter(({ result }) => result !== 'ok')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'migrations',
      'roles',
      'outbox',
      'queue',
      'leases',
      'history',
      'notices',
    ]),
  );
  expect(await finding('durability')).toMatchObject({
    result: 'warning',
    found: expect.stringContaining('fsync = off'),
  });
});

test('counts what services may take at most, whatever they take now', async () => {
  const pools = async (schedulers: number) =>
    (await checkDatabase(address, schedulers)).find(({ check }) => check === 'pools');
  expect(await pools(2)).toMatchObject({
    result: 'ok',
    found: expect.stringContaining('up to 34 of'),
  });
  expect(await pools(40)).toMatchObject({
    result: 'warning',
    found: expect.stringMatching(/^40 schedulers .* 338 of \d+$/),
    mend: expect.stringContaining('max_connections above 338'),
  });
});

test('finds an encoding that cannot hold every text, and says the mend', async () => {
  await session.query(`create database ascii encoding 'SQL_ASCII' locale 'C' template template0`);
  await migrate(
    await postgres.createDatabase('unused').then((url) => url.replace('unused', 'ascii')),
  );
  const findings = await checkDatabase({ ...address, database: 'ascii' });
  expect(findings.find(({ check }) => check === 'settings')).toMatchObject({
    result: 'warning',
    found: 'server_encoding = SQL_ASCII',
    mend: expect.stringContaining('UTF8'),
  });
});

test('a reporting database that is no replica, or not there, is told as such', async () => {
  expect(await checkReplica(address, address)).toMatchObject({ check: 'replica', result: 'ok' });
  const gone = { ...address, database: 'gone' };
  expect(await checkReplica(address, gone)).toMatchObject({
    result: 'failed',
    mend: expect.stringContaining('FLOE_REPORTING_DATABASE_URL'),
  });
  const behindBytes = 240 * 1024 ** 2;
  expect(judgeReplica({ isReplica: true, behindBytes: 1_000 }).result).toBe('ok');
  expect(judgeReplica({ isReplica: true, behindBytes })).toMatchObject({
    result: 'warning',
    found: 'it is 240 MiB behind',
  });
});

const OLD = `clock_timestamp() - interval '10 minutes'`;
const RUN = '01890000-0000-7000-8000-000000000001';
const A_RUN = `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at,
    deadline_at, wake_at, trace_id, span_id, trace_flags)
  values ('${RUN}', 'w', 1, 'running', 'manual', '{}', ${OLD}, ${OLD}, clock_timestamp() + interval '1 h', 'a', 'b', 0)`;
const A_TASK = `insert into floe.task_run (run_id, task_index, task_id, type, state, ready_at, span_id, pool, lane, rank_at)
  values ('${RUN}', 0, 't', 'noop', 'ready', ${OLD}, 'b', 'gpu', 'slot', 1)`;
const NO_RUN = `delete from floe.run where run_id = '${RUN}'`;

type Wrong = {
  readonly check: string;
  readonly result: string;
  readonly found: string | RegExp;
  readonly mend?: RegExp;
};

test.each<readonly [string, string[], string[], Wrong]>([
  [
    'an event that does not leave',
    [
      `insert into floe.outbox (kind, run_id, payload, created_at) values ('event', '${RUN}', '{}', ${OLD})`,
    ],
    ['delete from floe.outbox'],
    { check: 'outbox', result: 'failed', found: /^1 row, the oldest 10 m/ },
  ],
  [
    'a run that no scheduler looks at',
    [A_RUN, `update floe.run set wake_at = ${OLD}`],
    [NO_RUN],
    { check: 'schedulers', result: 'failed', found: /a run should have been looked at 10 m/ },
  ],
  [
    'a task in a pool without executors',
    [A_RUN, A_TASK],
    [NO_RUN],
    {
      check: 'queue',
      result: 'failed',
      found: /in pool gpu, which has no executor/,
      mend: /POOL=gpu/,
    },
  ],
  [
    'a lease that ran out unseen, of an executor whose clock is behind',
    [
      A_RUN,
      A_TASK,
      `insert into floe.attempt (run_id, task_index, epoch, number, state, executor_id, lease_until, ready_at, claimed_at,
         began_at, span_id)
       values ('${RUN}', 0, 1, 1, 'running', 'e-1', ${OLD}, ${OLD}, ${OLD}, ${OLD} - interval '9 s', 'b')`,
    ],
    [NO_RUN],
    { check: 'leases', result: 'failed', found: /ran out 10 m/ },
  ],
  [
    'commits that do not wait for the disk',
    ['alter database control set synchronous_commit = off'],
    ['alter database control reset synchronous_commit'],
    { check: 'durability', result: 'warning', found: /synchronous_commit = off/ },
  ],
  [
    'commits of one service that do not wait for the disk',
    ['alter role floe_scheduler in database control set synchronous_commit = off'],
    ['alter role floe_scheduler in database control reset synchronous_commit'],
    { check: 'durability', result: 'warning', found: /synchronous_commit=off for floe_scheduler/ },
  ],
  [
    'a database that takes no writes',
    ['alter database control set default_transaction_read_only = on'],
    ['alter database control reset default_transaction_read_only'],
    { check: 'settings', result: 'failed', found: 'takes no writes', mend: /primary/ },
  ],
  [
    'statistics that nobody keeps',
    ['alter database control set track_counts = off'],
    ['alter database control reset track_counts'],
    { check: 'settings', result: 'warning', found: /track_counts = off/ },
  ],
  [
    'a role that writes what is not its own',
    ['grant insert on floe.run to floe_gateway'],
    ['revoke insert on floe.run from floe_gateway'],
    { check: 'roles', result: 'warning', found: 'floe_gateway can insert run' },
  ],
  [
    'a grant that is missing',
    ['revoke update on floe.notice from floe_metadata'],
    ['grant update on floe.notice to floe_metadata'],
    { check: 'roles', result: 'failed', found: 'floe_metadata cannot update notice' },
  ],
  [
    'a notice that nobody takes',
    [
      `insert into floe.notice (scope, rule_name, event, about, workflow_name, destination, rule, facts, created_at)
       values ('w', 'r', 'failed', 'a', 'w', 'd', '{}', '{}', ${OLD})`,
    ],
    ['delete from floe.notice'],
    { check: 'notices', result: 'warning', found: /1 waiting for up to 10 m/ },
  ],
  [
    'a migration that is missing',
    [`delete from floe.migration where name = '0080_tokens_and_audit.sql'`],
    [],
    {
      check: 'migrations',
      result: 'failed',
      found: /1 pending, from 0080/,
      mend: /floe db migrate/,
    },
  ],
])(
  'finds %s, and says the mend',
  async (_, statements, undo, { check, result, found, mend = /./ }) => {
    await within(statements, undo, async () => {
      const [one] = (await checkDatabase(address)).filter((candidate) => candidate.check === check);
      expect(one).toMatchObject({ result });
      expect(one!.found).toMatch(found);
      expect(one!.mend).toMatch(mend);
    });
  },
);
