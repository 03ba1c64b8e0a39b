/**
 * The packages that others use: `@floe/client` as it is packed, with the programs of examples/sdk compiled and run against
 * it, and the Python programs where Python with their modules is at hand.
 */
import { createHmac } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '@floe/testing';
import { awaitRunEnd } from './support/await-run.ts';
import { runCommand, type CommandResult } from './support/command.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
// What the examples ask for besides the package itself.
const NEEDED = ['@bufbuild', '@grpc', '@nats-io', '@types'];

let floe: TestFloe;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-sdk-'));
  await cp(join(root, 'examples/sdk'), folder, { recursive: true });
  await ok(process.execPath, [join(root, 'tools/pack-client.ts'), folder]);
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const installed = join(folder, 'node_modules/@floe/client');
  await mkdir(installed, { recursive: true });
  await ok('tar', ['xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  for (const name of NEEDED) await symlink(join(modules, name), join(folder, 'node_modules', name));
  floe = await startTestFloe({ executors: 1, slots: 2 });
  await prepareConnections(floe);
  await floe.sql('create schema shop');
  await floe.sql('create table shop.orders (shop text, day date, amount double precision)');
  await floe.sql(
    `insert into shop.orders select 's' || i % 3, date '2026-01-31' + i % 4, i from generate_series(1, 120) i`,
  );
  const { metadata, scheduler, reporting, gateway, nats } = floe.endpoints;
  env = {
    FLOE_GATEWAY_URL: gateway,
    FLOE_METADATA_ADDRESS: metadata,
    FLOE_SCHEDULER_ADDRESS: scheduler,
    FLOE_REPORTING_ADDRESS: reporting,
    FLOE_NATS_URL: nats,
  };
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function ok(program: string, words: readonly string[]): Promise<string> {
  const result = await runCommand(program, words, { cwd: folder, env: env ?? {} });
  expect(result.code, describe(program, words, result)).toBe(0);
  return result.stdout;
}

function describe(program: string, words: readonly string[], result: CommandResult): string {
  return `${program} ${words.join(' ')}\n${result.stdout}\n${result.stderr}`;
}

const example = (name: string, ...words: string[]) => ok(process.execPath, [name, ...words]);
const tsc = () => runCommand(join(modules, '.bin/tsc'), ['-p', folder], { cwd: folder });

test('compiles the examples against the packed declarations', async () => {
  const { code, stdout } = await tsc();
  expect(code, stdout).toBe(0);
  await writeFile(
    join(folder, 'wrong.ts'),
    (await readFile(join(folder, 'daily-revenue.ts'), 'utf8')).replace(
      'row.amount.gt',
      'row.amuont.gt',
    ),
  );
  const wrong = await tsc();
  await rm(join(folder, 'wrong.ts'));
  expect(wrong.code).not.toBe(0);
  expect(wrong.stdout).toMatch(/wrong\.ts.*'amuont' does not exist/);
});

test('applies, runs and follows the workflow of the builder', async () => {
  const said = await example('run.ts');
  expect(said).toMatch(
    /^version 1\n[^]*task\.succeeded revenue\n[^]*RUN_STATE_SUCCEEDED, 9 rows loaded\n$/,
  );
  const rows = await floe.sql<{ orders: string; share: number }>(
    `select orders, share from shop.daily_revenue where shop = 's0' and day = '2026-02-01'`,
  );
  expect(rows).toEqual([{ orders: '10', share: 0.186 }]);
});

test('knows the columns of each task as Floe does', async () => {
  const script = `import { dailyRevenue } from './daily-revenue.ts'; console.log(dailyRevenue.toString());`;
  await writeFile(join(folder, 'print.ts'), script);
  const source = await example('print.ts');
  const { tasks, problems } = await floe.client.validateWorkflow(source);
  expect(problems).toEqual([]);
  const revenue = tasks.find(({ taskId }) => taskId === 'revenue');
  expect(revenue?.columns).toEqual([
    { name: 'shop', type: 'String' },
    { name: 'day', type: 'Date' },
    { name: 'orders', type: 'UInt32' },
    { name: 'revenue', type: 'Float64' },
    { name: 'largest', type: 'Float64' },
    { name: 'share', type: 'Float64' },
  ]);
});

test('is refused when the database has other columns than the program says', async () => {
  await floe.sql('alter table shop.orders alter column amount type text');
  const { code, stderr } = await runCommand(process.execPath, ['run.ts'], { cwd: folder, env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/amount/);
  await floe.sql(
    'alter table shop.orders alter column amount type double precision using amount::float8',
  );
});

test('calls gRPC with promises and streams', async () => {
  expect(await example('grpc.ts')).toBe('succeeded\n');
});

test('reads events from NATS, and goes on after a place', async () => {
  const lines = (await example('events.ts')).trim().split('\n');
  expect(lines[0]).toMatch(/^1 sdk-revenue \S+ queued$/);
  expect(lines.at(-1)).toMatch(/^\d+ sdk-revenue \S+ succeeded$/);
  const [place = ''] = lines.at(-1)?.split(' ') ?? [];
  const rest = (await example('events.ts', place)).trim().split('\n');
  expect(rest[0]).toMatch(/ sdk-revenue \S+ queued$/);
  expect(Number(rest[0]?.split(' ')[0])).toBeGreaterThan(Number(place));
});

const ITEMS = `name: sdk-items
tasks:
  each:
    type: postgres_sql
    connection: source
    foreach: { items: [a, b, c], type: string }
    statements: ["select \${{ params.item }}"]
`;

test('tells of runs that change, and what became of items', async () => {
  const stop = new AbortController();
  const seen = new Set<string>();
  const watching = (async () => {
    for await (const ids of floe.client.watchRuns({ signal: stop.signal })) {
      for (const id of ids) seen.add(id);
    }
  })();
  await floe.client.applyWorkflow(ITEMS);
  const { run } = await floe.client.startRun({ workflowName: 'sdk-items' });
  const { state, failure } = await awaitRunEnd(floe.client, run.runId, { withinMs: 30_000 });
  expect(state, failure?.message).toBe('RUN_STATE_SUCCEEDED');
  await eventually(() => seen.has(run.runId), { withinMs: 10_000 });
  stop.abort();
  await watching;
  expect(await floe.client.getTaskItems(run.runId, 'each')).toEqual({
    states: 'sss',
    failures: [],
  });
});

test('reports: two runs compared, lineage of a run, impact, freshness, numbers', async () => {
  const { client } = floe;
  const { runs } = await client.listRuns({ workflowName: 'sdk-revenue' });
  const { run: other } = await client.startRun({
    workflowName: 'sdk-revenue',
    parameters: { since: '2026-02-02' },
  });
  await awaitRunEnd(client, other.runId, { withinMs: 30_000 });
  const comparison = await client.compareRuns(runs.at(-1)!.runId, other.runId);
  expect(comparison.parameters).toEqual([
    expect.objectContaining({
      name: 'since',
      other: expect.stringContaining('2026-02-02') as string,
    }),
  ]);
  expect(comparison.tasks.map(({ taskId }) => taskId)).toEqual(['orders', 'revenue', 'store']);
  const { edges } = await client.getRunLineage(other.runId);
  expect(edges).toContainEqual(
    expect.objectContaining({ from: 'revenue', to: 'store', rows: '6' }),
  );
  const impact = await client.getImpact({ dataset: 'shop.orders', column: 'amount' });
  expect(impact.workflowNames).toContain('sdk-revenue');
  expect(impact.datasets.some(({ dataset }) => dataset.endsWith('shop.daily_revenue'))).toBe(true);
  const { tables } = await client.listFreshness({ workflowName: 'sdk-revenue' });
  expect(tables).toEqual([
    expect.objectContaining({ taskId: 'store', state: 'FRESHNESS_STATE_UNSCHEDULED', rows: '6' }),
  ]);
  const report = await client.getWorkflowReport('sdk-revenue');
  expect(report).toMatchObject({ failedCount: '0', slowestTasks: expect.any(Array) as unknown[] });
  expect(report.durationMs?.count).toBe(report.succeededCount);
  expect((await client.getOverview()).attention).toEqual([]);
  const { metrics } = await client.listMetrics(other.runId, { taskId: 'store' });
  expect(new Set(metrics.map(({ taskId }) => taskId))).toEqual(new Set(['store']));
});

// Programs of what people come from, which show what goes where.
const OF_OTHERS = [
  'from-prefect.md',
  'from-cron-and-scripts.md',
  'from-dagster.md',
  'from-temporal-and-hatchet.md',
  'from-kestra-and-windmill.md',
];

test('what guides show is in the programs', async () => {
  const guides = join(root, 'docs/guides');
  const names = (await readdir(guides)).filter((name) => !OF_OTHERS.includes(name));
  const texts = await Promise.all(names.map((name) => readFile(join(guides, name), 'utf8')));
  const guide = texts.join('\n');
  const places = ['examples/sdk', 'examples/python'].map((place) => join(root, place));
  const paths = (
    await Promise.all(
      places.map(async (place) => (await readdir(place)).map((name) => join(place, name))),
    )
  ).flat();
  const programs = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  const shown = [...guide.matchAll(/^```(?:ts|python)\n([^]*?)^```/gm)].map(
    ([, code = '']) => code,
  );
  expect(shown.length).toBeGreaterThan(5);
  for (const code of shown) {
    expect(
      programs.some((program) => program.includes(code)),
      code,
    ).toBe(true);
  }
});

const python = process.env['FLOE_PYTHON'] ?? 'python3';
const { code: hasPython } = await runCommand(
  python,
  ['-c', 'import grpc, grpc_tools, nats'],
  {},
).catch(() => ({ code: 1 }));

test.skipIf(hasPython !== 0)(
  'runs the Python programs (where python3, or FLOE_PYTHON, has grpcio, grpcio-tools and nats-py)',
  async () => {
    const [proto, stubs] = [join(root, 'proto'), join(folder, 'stubs')];
    await mkdir(stubs);
    const names = (await readdir(join(proto, 'floe/v1'))).map((name) => `floe/v1/${name}`);
    const out = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
    await ok(python, ['-m', 'grpc_tools.protoc', '-I', proto, ...out, ...names]);
    env['PYTHONPATH'] = stubs;
    const programs = join(root, 'examples/python');
    const words = ['sdk-revenue', '--param', 'since=2026-02-02'];
    const run = await ok(python, [join(programs, 'run_workflow.py'), ...words]);
    expect(run).toMatch(/task\.succeeded store\n[^]*RUN_STATE_SUCCEEDED\n$/);
    await checkWebhook(join(programs, 'check_webhook.py'));
    const events = await ok(python, [
      join(programs, 'read_events.py'),
      '--count',
      '2',
      '--after',
      '1',
    ]);
    const [first] = events.trim().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ place: 2, workflow: 'sdk-revenue' });
  },
);

async function checkWebhook(program: string): Promise<void> {
  const [key, body] = ['a-key-of-ours', '{"event": "failed"}'];
  const seconds = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  const judge = async (header: string) =>
    runCommand(python, [program, header], { env: { HOOK_KEY: key }, input: body });
  expect((await judge(`t=${seconds},v1=${signature}`)).stdout).toBe('ours\n');
  expect((await judge(`t=${seconds - 1},v1=${signature}`)).stdout).toBe('not ours\n');
}
