/**
 * An extract that several executors share, part by part: one snapshot, the right rows, tasks that follow the parts, and
 * executors that die in the middle.
 */
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { childrenOf, pidOf } from './support/processes.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const PARTITIONS = 4;
const ACCOUNTS = 40_000;
const BALANCE = 100;
const WRITES = 300;

const BANK = `name: bank
defaults: { retries: { max: 3, delay: 200ms, backoff: 1 } }
tasks:
  accounts:
    type: postgres_extract
    connection: source
    partitions: ${PARTITIONS}
    query: select id, balance from public.accounts
  doubled:
    type: expression_transform
    inputs: [accounts]
    polars: accounts.with_columns(double=pl.col("balance") * 2)
  total:
    type: expression_transform
    inputs: [doubled]
    polars: doubled.select(n=pl.len(), total=pl.col("double").sum(), ids=pl.col("id").n_unique())
  store: { type: postgres_load, inputs: [total], connection: warehouse, table: public.totals, mode: truncate }
  copy: { type: postgres_load, inputs: [doubled], connection: warehouse, table: public.doubled, mode: truncate }
`;

// Each partition takes a while, so that there is a middle; the column says how the rows are shared.
const SLOW_BANK = BANK.replace('name: bank', 'name: slow_bank').replace(
  'query: select id, balance from public.accounts',
  `split_by: id
    query: select id, balance from public.accounts cross join (select pg_sleep(2)) as wait`,
);

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 2 });
  await prepareConnections(floe);
  await floe.sql('create table public.accounts (id bigint primary key, balance bigint not null)');
  await floe.sql('create table public.totals (n bigint, total bigint, ids bigint)');
  await floe.sql('create table public.doubled (id bigint, balance bigint, double bigint)');
  await floe.client.applyWorkflow(BANK);
  await floe.client.applyWorkflow(SLOW_BANK);
});

beforeEach(async () => {
  await floe.sql('truncate public.accounts, public.totals, public.doubled');
  await floe.sql(
    `insert into public.accounts select id, ${BALANCE} from generate_series(1, ${ACCOUNTS}) as id`,
  );
});

afterAll(() => floe?.[Symbol.asyncDispose]());

/** Moves money between accounts: at any moment all of it is there, and rows move to other pages. */
async function moveMoney(): Promise<void> {
  for (let write = 0; write < WRITES; write += 1) {
    await floe.sql(
      `update public.accounts set balance = balance + case when id % 2 = 0 then 1 else -1 end
       where id between $1 and $1 + 399`,
      [1 + ((write * 7_919) % (ACCOUNTS - 400))],
    );
  }
}

async function expectAllMoney(): Promise<void> {
  const [totals] = await floe.sql('select n::int, total::int, ids::int from public.totals');
  expect(totals).toEqual({ n: ACCOUNTS, total: 2 * ACCOUNTS * BALANCE, ids: ACCOUNTS });
  const [copy] = await floe.sql(
    `select count(*)::int as n, sum(double)::int as total, count(distinct id)::int as ids,
       bool_and(double = 2 * balance) as right from public.doubled`,
  );
  expect(copy).toEqual({ n: ACCOUNTS, total: 2 * ACCOUNTS * BALANCE, ids: ACCOUNTS, right: true });
}

async function taskOf(runId: string, taskId: string) {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return taskRuns.find((task) => task.taskId === taskId)!;
}

test('partitions read one snapshot of a table that changes', async () => {
  const [{ run }] = await Promise.all([
    floe.client.startRun({ workflowName: 'bank' }),
    moveMoney(),
  ]);
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 60_000 });
  expect(ended.failure).toBeUndefined();
  await expectAllMoney();
  const accounts = await taskOf(run.runId, 'accounts');
  // One of them holds the snapshot.
  expect(accounts.attempts).toHaveLength(PARTITIONS + 1);
  expect(accounts.attempts.every(({ state }) => state === 'ATTEMPT_STATE_SUCCEEDED')).toBe(true);
  expect(accounts.rows).toBe(String(ACCOUNTS));
  const doubled = await taskOf(run.runId, 'doubled');
  expect(doubled.attempts).toHaveLength(PARTITIONS);
  expect(doubled.rows).toBe(String(ACCOUNTS));
  expect((await taskOf(run.runId, 'total')).attempts).toHaveLength(1);
  await expectPreview(run.runId);
});

type Preview = { readonly columns: readonly object[]; readonly preview: readonly unknown[] };

/** Previews come after the run: nothing waits for them. */
async function expectPreview(runId: string): Promise<void> {
  const preview = await eventually(
    async () => {
      const { stdout } = await floe.floe([
        'runs',
        'artifacts',
        runId,
        '--show',
        'accounts',
        '--output',
        'json',
      ]);
      const found = JSON.parse(stdout) as readonly { kind: string; content: Preview }[];
      const shown = found.filter(({ kind }) => kind === 'preview');
      expect(shown).toHaveLength(1);
      expect(shown[0]!.content).toMatchObject({ parts: { shown: PARTITIONS, of: PARTITIONS } });
      return shown[0]!.content;
    },
    { withinMs: 10_000, everyMs: 500 },
  );
  expect(preview).toMatchObject({ rows: ACCOUNTS, profiledRows: ACCOUNTS });
  expect(preview.preview).toHaveLength(100);
  expect(preview.columns[0]).toMatchObject({
    nulls: 0,
    distinctAtLeast: expect.any(Number),
    min: 1,
    max: ACCOUNTS,
    mean: (ACCOUNTS + 1) / 2,
  });
}

type Attempt = Awaited<ReturnType<typeof taskOf>>['attempts'][number];

/** The attempts once the lead and all partitions run: the lead takes none of the four slots. */
async function awaitFull(runId: string): Promise<readonly Attempt[]> {
  return eventually(
    async () => {
      const { attempts } = await taskOf(runId, 'accounts');
      const running = attempts.filter(({ state }) => state === 'ATTEMPT_STATE_RUNNING');
      return running.length === PARTITIONS + 1 && attempts;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

const leadOf = (attempts: readonly Attempt[]) => attempts.find(({ number }) => number === 1)!;

async function killExecutor(executorId: string): Promise<void> {
  const pid = await pidOf(floe, executorId);
  for (const each of [pid, ...childrenOf(pid)]) process.kill(each, 'SIGKILL');
  await eventually(async () => (await pidOf(floe, executorId)) !== pid, { withinMs: 40_000 });
}

test('of an executor that dies only its own partitions are read again, of the same snapshot', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'slow_bank' });
  const attempts = await awaitFull(run.runId);
  expect(new Set(attempts.map(({ executorId }) => executorId)).size).toBe(2);
  const lead = leadOf(attempts);
  const other = attempts.find(({ executorId }) => executorId !== lead.executorId)!;
  await Promise.all([killExecutor(other.executorId), moveMoney()]);
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 90_000 });
  expect(ended.failure).toBeUndefined();
  await expectAllMoney();
  const after = (await taskOf(run.runId, 'accounts')).attempts;
  const lost = after.filter(({ state }) => state === 'ATTEMPT_STATE_LOST');
  expect(new Set(lost.map(({ executorId }) => executorId))).toEqual(new Set([other.executorId]));
  expect(after).toHaveLength(PARTITIONS + 1 + lost.length);
  // Every balance is what it was before the money moved: nobody has read another snapshot.
  const [moved] = await floe.sql(
    `select count(*)::int as n from public.doubled where balance <> ${BALANCE}`,
  );
  expect(moved).toEqual({ n: 0 });
});

test('when the executor that holds the snapshot dies, all partitions are read again from a new one', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'slow_bank' });
  const lead = leadOf(await awaitFull(run.runId));
  await killExecutor(lead.executorId);
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 90_000 });
  expect(ended.failure).toBeUndefined();
  await expectAllMoney();
  const { attempts, rows } = await taskOf(run.runId, 'accounts');
  expect(attempts.length).toBeGreaterThanOrEqual(2 * (PARTITIONS + 1));
  expect(rows).toBe(String(ACCOUNTS));
});

test('a server that ends the session of the snapshot costs a beginning, not the run', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'slow_bank' });
  await awaitFull(run.runId);
  await eventually(
    async () => {
      const found = await floe.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like 'floe:%:accounts' and query ~ '\\mselect 1\\M' and pid <> pg_backend_pid()`,
      );
      return found.length === 1;
    },
    { withinMs: 10_000 },
  );
  const { failure } = await awaitRunEnd(floe.client, run.runId, { withinMs: 60_000 });
  expect(failure).toBeUndefined();
  await expectAllMoney();
});

test('a query that cannot be shared is refused by name when it is applied', async () => {
  const broken = BANK.replace('from public.accounts', 'from public.accounts limit 10');
  await expect(floe.client.applyWorkflow(broken)).rejects.toMatchObject({
    message: expect.stringContaining('cannot be shared'),
  });
});
