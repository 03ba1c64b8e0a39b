/**
 * The commands on a real Floe: a first workflow from a look at a database, what differs between two texts, a past task
 * done again with a new one, and the words that a shell completes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareConnections } from './support/prepare-connections.ts';
import { runFloe, startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-cli-e2e-'));
  floe = await startTestFloe({ executors: 1, slots: 2, env: { FLOE_FILES_DIR: folder } });
  await prepareConnections(floe);
  await floe.sql('create schema shop');
  await floe.sql(
    'create table shop."Orders" ("Id" bigint primary key, "order" text, amount float8, updated_at timestamptz not null)',
  );
  await floe.sql(
    `insert into shop."Orders" select i, 'o' || i % 7, i, now() - i * interval '1 hour' from generate_series(1, 50) i`,
  );
  await floe.sql('create table shop.log (line text)');
  await floe.sql('analyze');
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A command that has to succeed. */
async function cli(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await floe.floe(words, { cwd: folder });
  expect(code, `floe ${words.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

async function json<Answer>(...words: string[]): Promise<Answer> {
  return JSON.parse(await cli(...words, '--json')) as Answer;
}

const totals = (rounding: string, filter: string) => `name: totals
tasks:
  orders:
    type: postgres_extract
    connection: source
    push_down: false
    query: select "Id", "order", amount from shop."Orders"
  big:
    type: expression_transform
    inputs: [orders]
    materialize: true
    polars: orders.filter(pl.col("amount") > ${filter})
  sums:
    type: expression_transform
    inputs: [big]
    polars: |
      big.group_by("order").agg(${rounding})
  store:
    type: postgres_load
    inputs: [sums]
    connection: warehouse
    table: shop.totals
    create: true
    mode: upsert
    key: [order]
`;

const MEAN = 'pl.col("amount").mean().alias("value"), pl.len().alias("orders")';
const SUM = 'pl.col("amount").sum().alias("value"), pl.col("amount").max().alias("top")';

test('writes a first workflow of the table with a key and a time, which runs twice', async () => {
  const written = await json<{ file: string; table: string }>('init', 'source');
  expect(written).toMatchObject({ file: 'orders.yaml', table: 'shop.Orders' });
  await cli('validate', '-f', 'orders.yaml');
  await cli('run', 'orders.yaml');
  await floe.sql(`update shop."Orders" set amount = -1 where "Id" = 1`);
  await cli('run', 'orders.yaml', '--param', 'since=2000-01-01T00:00:00Z');
  const [row] = await floe.sql<{ n: string; changed: number }>(
    `select count(*) as n, min(amount) as changed from shop."Orders_copy"`,
  );
  expect(row).toEqual({ n: '50', changed: -1 });
  const again = await floe.floe(['init', 'source'], { cwd: folder });
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toMatch(/it is there already/);
});

test('copies a table without a key whole', async () => {
  const text = await cli('init', 'source', '--table', 'log', '-f', '-');
  expect(text).toMatch(/mode: replace/);
  expect(text).not.toMatch(/params|since/);
});

test('looks at a database by URL, with the password from a file', async () => {
  const { host, port, user, passwordFile } = floe.endpoints.postgres;
  const url = `postgres://${user}@${host}:${port}/demo`;
  const { tables } = await json<{ tables: { table: string }[] }>(
    'init',
    url,
    '--list',
    '--secret',
    `file:${passwordFile}`,
  );
  expect(tables.map(({ table }) => table)).toContain('Orders');
  const wrong = await floe.floe(['init', url, '--secret', 'env:NOBODY_SETS_THIS']);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/SECRET_UNAVAILABLE/);
});

test('shows what differs between versions and documents: texts, columns, lineage', async () => {
  await writeFile(join(folder, 'one.yaml'), totals(MEAN, '5'));
  await writeFile(join(folder, 'two.yaml'), totals(SUM, '5'));
  await cli('apply', '-f', 'one.yaml');
  expect((await floe.floe(['diff', join(folder, 'one.yaml'), '--exit-code'])).code).toBe(0);
  const different = await floe.floe(['diff', join(folder, 'two.yaml'), '--exit-code']);
  expect(different.code).toBe(1);
  expect(different.stdout).toMatch(/- orders UInt32[^]*\+ top Float64/);
  await cli('apply', '-f', 'two.yaml');
  const versions = await json<{ versions: { version: number }[] }>(
    'workflows',
    'versions',
    'totals',
  );
  expect(versions.versions.map(({ version }) => version)).toEqual([2, 1]);
  const diff = await json<{
    tasks: { taskId: string; columns: unknown[] }[];
    lineage: { change: string; taskId: string; column: string; from: string }[];
  }>('workflows', 'diff', 'totals', '1', '2');
  expect(diff.tasks.map(({ taskId }) => taskId)).toEqual(['sums']);
  expect(diff.lineage).toContainEqual(
    expect.objectContaining({ change: 'added', column: 'top', from: 'orders.amount' }),
  );
});

test('replays a past task on its rows, by the key of the load, and touches nothing', async () => {
  const { run } = await json<{ run: { runId: string } }>('run', join(folder, 'one.yaml'));
  const { runId } = run;
  await floe.sql('truncate shop."Orders"');
  const before = await floe.sql('select * from shop.totals order by 1');
  const replayed = await json<{
    key: string[];
    columns: unknown[];
    rows: { rowsBefore: number; changed: number; changedByColumn: object };
  }>('replay', runId, 'sums', '-w', 'two.yaml');
  expect(replayed.key).toEqual(['order']);
  expect(replayed.rows).toMatchObject({ rowsBefore: 7, changed: 7, changedByColumn: { value: 7 } });
  expect(replayed.columns).toEqual([
    { column: 'orders', before: 'UInt32' },
    { column: 'top', after: 'Float64' },
  ]);
  await writeFile(join(folder, 'fewer.yaml'), totals(MEAN, '40'));
  const fewer = await floe.floe(
    ['replay', runId, 'big', '-w', 'fewer.yaml', '--key', 'Id', '--exit-code'],
    { cwd: folder },
  );
  expect(fewer.code, fewer.stderr).toBe(1);
  expect(fewer.stdout).toMatch(/0 added, 35 removed[^]*- Id 6/);
  expect(await floe.sql('select * from shop.totals order by 1')).toEqual(before);
  const { runs } = await json<{ runs: unknown[] }>('runs', 'list', '--workflow', 'totals');
  expect(runs).toHaveLength(1);
  const load = await floe.floe(['replay', runId, 'store', '-w', 'one.yaml'], { cwd: folder });
  expect(load.code).toBe(2);
  expect(load.stderr).toMatch(/is a postgres_load/);
  expect((await floe.floe(['runs', 'compare', runId, runId])).stdout).toMatch(/sums +succeeded/);
});

const checked = (rules: string) => `name: checked
tasks:
  items: { type: file_extract, path: items.csv, columns: [{ id: Int64 }, { price: Float64 }] }
  good: { type: check, inputs: [items], rules: [${rules}] }
  copy: { type: file_load, inputs: [good], path: copy.csv }
`;

test('replays a check by its rules, and an extract on its files; and refuses what writes', async () => {
  await writeFile(join(folder, 'items.csv'), 'id,price\n1,10\n2,3\n');
  await writeFile(join(folder, 'loose.yaml'), checked('{ not_null: [id] }, { unique: [id] }'));
  await writeFile(
    join(folder, 'strict.yaml'),
    checked('{ not_null: [id] }, { range: { column: price, min: 5 } }, { row_count: { min: 9 } }'),
  );
  const { run } = await json<{ run: { runId: string } }>('run', join(folder, 'loose.yaml'));
  const { rules } = await json<{ rules: object[] }>(
    'replay',
    run.runId,
    'good',
    '-w',
    'strict.yaml',
  );
  expect(rules).toEqual([
    expect.objectContaining({ before: { passed: true, found: 'all rows pass' } }),
    expect.objectContaining({ after: { passed: false, found: '1 row breaks it' } }),
    expect.objectContaining({ after: { passed: false, found: '2 rows instead of at least 9' } }),
    expect.not.objectContaining({ after: expect.anything() as unknown }),
  ]);
  const shown = await floe.floe(['replay', run.runId, 'good', '-w', 'strict.yaml', '--exit-code'], {
    cwd: folder,
  });
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(/had 0 broken rules, and has 2[^]*✗ +range.* → +1 row breaks it/);
  await writeFile(join(folder, 'items.csv'), 'id,price\n1,10\n2,3\n3,7\n');
  const items = await cli('replay', run.runId, 'items', '-w', 'loose.yaml', '--key', 'id');
  expect(items).toMatch(/2 same, 0 changed, 1 added[^]*\+ id 3[^]*read as they are now/);
  const load = await floe.floe(['replay', run.runId, 'copy', '-w', 'loose.yaml'], { cwd: folder });
  expect(load.code).toBe(2);
  expect(load.stderr).toMatch(/copy is a file_load[^]*Replay the task whose rows it writes/);
});

test('finds runs by their labels', async () => {
  const words = ['run', 'totals', '--label', 'team=sales', '--label', 'why=a, b'];
  await cli(...words);
  const { runs } = await json<{ runs: unknown[] }>('runs', 'list', '--label', 'team=sales');
  expect(runs).toEqual([expect.objectContaining({ annotations: { team: 'sales', why: 'a, b' } })]);
  expect(await json('runs', 'list', '--label', 'team=other')).toMatchObject({ runs: [] });
});

test('lists by time, tells events from a place on, and completes names', async () => {
  expect(await json('runs', 'list', '--until', '1d')).toMatchObject({ runs: [] });
  expect((await json<{ runs: [] }>('runs', 'list', '--since', '1h')).runs.length).toBeGreaterThan(
    2,
  );
  const events = (await cli('events', 'tail', '--all', '--limit', '3', '--json'))
    .trim()
    .split('\n');
  const places = events.map((line) => (JSON.parse(line) as { place: number }).place);
  expect(places).toEqual([1, 2, 3]);
  const rest = await cli('events', 'tail', '--after', '2', '--limit', '1', '--json');
  expect(JSON.parse(rest)).toMatchObject({ place: 3 });
  const env = { FLOE_STATE_DIR: floe.stateDir };
  const { stdout } = await runFloe(['__complete', '--', 'workflows', 'get', 'to'], { env });
  expect(stdout).toMatch(/^totals\t/);
});

test('drains an executor, and says which there are when one is not', async () => {
  const unknown = await floe.floe(['executors', 'drain', 'nobody']);
  expect(unknown.code).toBe(2);
  const [, id = ''] = /There are: ([^,. ]+)/.exec(unknown.stderr) ?? [];
  expect(await json('executors', 'drain', id)).toMatchObject({ executorId: id });
  await cli('workflows', 'delete', 'totals');
  const gone = await floe.floe(['workflows', 'get', 'totals']);
  expect(gone.code).toBe(1);
});

test('what init writes is a document as people write it', async () => {
  const text = await readFile(join(folder, 'orders.yaml'), 'utf8');
  expect(text).toMatch(/select "Id", "order", amount, updated_at\n {6}from shop\."Orders"/);
});
