/** Hunts what an installation of the old service would lose on its way: rows, runs, passwords that show, doubles. */
import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WorkflowRun, type LegacyUser } from '@floe/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN, runFloe, startTestFloe, type TestFloe } from './support/test-floe.ts';

const EXAMPLE = fileURLToPath(new URL('../examples/legacy/workflow.json', import.meta.url));

const USER: LegacyUser = {
  UserId: 'u-1',
  fullName: 'Ada Byron',
  infoId: 'i-1',
  photoURL: '',
  user_utc_offset: '+00:00',
};

type Report = {
  readonly documents: number;
  readonly imported: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly verified: number;
  readonly runs: { readonly imported: number; readonly unchanged: number };
  readonly connections: readonly {
    readonly name: string;
    readonly state: string;
    readonly secret: string;
  }[];
  readonly notes: Readonly<Record<string, number>>;
};

let floe: TestFloe;
let password: string;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 2 });
  const { host, port, user, passwordFile, demoDatabase } = floe.endpoints.postgres;
  password = (await readFile(passwordFile, 'utf8')).trim();
  await floe.sql('create table employees (employee_id int, name text, dept int, salary numeric)');
  await floe.sql(`insert into employees values (0, 'nobody', 1, 99000), (1, 'Ada', 1, 90000.5), (2, 'Bo', 1, 60000),
    (3, 'Cy', 2, 70001), (4, 'Di', 2, 70000)`);
  await floe.sql('create table departments (id int, title text)');
  await floe.sql(`insert into departments values (1, 'Research'), (2, 'Sales')`);
  await floe.sql('create table employees_high (id int, salary numeric)');
  await floe.sql('insert into employees_high values (7, 7)');
  await floe.sql(
    'create table pay (title text, people bigint, total double precision, grade text)',
  );
  await floe.client.setConnection({
    name: 'hr',
    host,
    port,
    database: demoDatabase,
    username: user,
    secretReference: `file:${passwordFile}`,
  });
});

afterAll(() => floe?.[Symbol.asyncDispose]());

async function importFile(
  path: string,
  ...words: string[]
): Promise<{ code: number | null; report: Report; said: string }> {
  const quarantine = ['--quarantine', join(floe.stateDir, 'put-aside.ndjson')];
  const { code, stdout, stderr } = await floe.floe([
    'import',
    'mongo',
    path,
    '--json',
    ...quarantine,
    ...words,
  ]);
  return { code, report: JSON.parse(stdout) as Report, said: stdout + stderr };
}

test('the example runs unchanged and loads the right rows', async () => {
  const dry = await runFloe(['import', 'mongo', EXAMPLE, '--dry-run', '--json']);
  expect(JSON.parse(dry.stdout)).toMatchObject({ documents: 1, imported: 1, isDryRun: true });
  const first = await importFile(EXAMPLE);
  expect(first).toMatchObject({ code: 0, report: { documents: 1, imported: 1, verified: 1 } });
  const run = await floe.floe(['run', 'wf-employees']);
  expect(run.code, run.stderr).toBe(0);
  const rows = await floe.sql('select id, salary::float from employees_high order by id');
  expect(rows).toEqual([
    { id: 1, salary: 90000.5 },
    { id: 3, salary: 70001 },
  ]);
  const second = await importFile(EXAMPLE);
  expect(second.report).toMatchObject({ imported: 0, unchanged: 1 });
});

/** A document with every kind of transformation, whose nodes know their database and its password. */
function wholeDocument(): object {
  const { host, port, user, demoDatabase } = floe.endpoints.postgres;
  const database = { 'host-name': host, port, db: demoDatabase, username: user, password };
  const of = (connector_type: string, sequence: number, fields: object) => ({
    connector_type,
    connector_category: sequence === 1 || sequence === 9 ? 'Databases' : 'Transformations',
    sequence,
    ...fields,
  });
  const columns = (...each: [string, string?][]) =>
    each.map(([name, value = '']) => ({ name, selected: true, expression: { value } }));
  const nodes = {
    staff: of('postgresql', 1, {
      dbDetails: { ...database, table: 'employees', filter: 'WHERE employee_id > 0' },
    }),
    places: of('postgresql', 1, {
      dbDetails: { ...database, sql: 'select id, title from departments;' },
    }),
    both: of('join', 2, { transformations: columns(['dept', 'staff.dept = places.id']) }),
    graded: of('expression', 3, {
      transformations: {
        source: {
          columns: columns(
            ['title', 'upper(title)'],
            ['salary', 'round(salary * 2 / 2, 1)'],
            ['grade', "if(salary >= 70000 and dept = 1, 'top', if(salary > 70000, 'high', 'low'))"],
          ),
        },
      },
    }),
    kept: of('filter', 4, {
      transformations: { transformations: columns(['grade', "grade != 'low'"]) },
    }),
    grouped: of('groupby', 5, {
      transformations: {
        transformations: columns(
          ['title'],
          ['grade'],
          ['people', 'count(*)'],
          ['total', 'sum(salary)'],
        ),
      },
    }),
    chosen: of('selectcolumns', 6, {
      transformations: columns(['title'], ['people'], ['total'], ['grade']),
    }),
    pay: of('postgresql', 9, { dbDetails: { ...database, table: 'pay', truncateTable: true } }),
  };
  return {
    workflow_id: 'wf-whole',
    workflow_name: 'All kinds',
    connectionInformation_v1: JSON.stringify(nodes),
    dependencies: JSON.stringify({
      both: ['staff', 'places'],
      graded: ['both'],
      kept: ['graded'],
      grouped: ['kept'],
      chosen: ['grouped'],
      pay: ['chosen'],
    }),
  };
}

test('passwords become connections with secrets by reference, and the workflow runs on them', async () => {
  const path = join(floe.stateDir, 'whole.json');
  await writeFile(path, JSON.stringify([wholeDocument()]));
  const secrets = join(floe.stateDir, 'secrets');
  const { code, report, said } = await importFile(path, '--secrets-dir', secrets);
  expect(code, said).toBe(0);
  expect(said).not.toContain(password);
  const [connection] = report.connections;
  expect(connection).toMatchObject({
    state: 'made',
    secret: `file:${secrets}/${connection?.name}`,
  });
  expect((await stat(join(secrets, connection?.name ?? ''))).mode & 0o777).toBe(0o600);
  const run = await floe.floe(['run', 'wf-whole']);
  expect(run.code, run.stderr).toBe(0);
  expect(await floe.sql('select * from pay order by title')).toEqual([
    { title: 'RESEARCH', people: '1', total: 90000.5, grade: 'top' },
    { title: 'SALES', people: '1', total: 70001, grade: 'high' },
  ]);
  const stored = await floe.floe(['workflows', 'get', 'wf-whole', '--json']);
  expect(stored.stdout).not.toContain(password);
});

test('a connector without a task is imported, and refused by its name when it is run', async () => {
  const path = join(floe.stateDir, 'snow.json');
  const nodes = {
    src: {
      connector_type: 'snowflake',
      sequence: 1,
      connector_category: 'Databases',
      dbDetails: { db: 'x', table: 'y' },
    },
    tgt: {
      connector_type: 'postgresql',
      sequence: 2,
      connector_category: 'Databases',
      dbDetails: { db: 'hr', table: 'pay' },
    },
  };
  await writeFile(
    path,
    JSON.stringify({
      workflow_id: 'wf-snow',
      connectionInformation_v1: nodes,
      dependencies: { tgt: ['src'] },
    }),
  );
  const { report } = await importFile(path);
  expect(report).toMatchObject({ imported: 1 });
  expect(Object.keys(report.notes).join()).toContain('snowflake');
  const run = await floe.floe(['run', 'wf-snow']);
  expect(run.code).toBe(1);
  expect(run.stdout + run.stderr).toContain(
    'Floe has no task for connectors of the type snowflake',
  );
});

test('a killed import goes on, and makes no doubles', async () => {
  const count = 600;
  const example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as object;
  const path = join(floe.stateDir, 'many.json');
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      ...example,
      workflow_id: `wf-many-${index}`,
      workflow_name: `Number ${index}`,
    }),
  );
  lines.push(
    '{"workflow_id": "wf-broken", ',
    JSON.stringify({ workflow_id: 'wf-bad', dependencies: 7 }),
  );
  await writeFile(path, lines.join('\n'));
  const words = [
    'import',
    'mongo',
    path,
    '--json',
    '--state-dir',
    floe.stateDir,
    '--quarantine',
    join(floe.stateDir, 'killed.ndjson'),
  ];
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await awaitWorkflows('wf-many-');
  child.kill('SIGKILL');
  await exited;
  const { report } = await importFile(path);
  expect(report).toMatchObject({ documents: count + 2, refused: 0, quarantined: 2 });
  expect(report.unchanged).toBeGreaterThan(0);
  expect(report.imported + report.unchanged).toBe(count);
  const put = (await readFile(join(floe.stateDir, 'put-aside.ndjson'), 'utf8')).trim().split('\n');
  expect(put.map((line) => (JSON.parse(line) as { reason: string }).reason).join()).toMatch(
    /dependencies is a number/,
  );
  const again = await importFile(path);
  expect(again.report).toMatchObject({ imported: 0, unchanged: count, quarantined: 2 });
});

/** Until the server has some of them. */
async function awaitWorkflows(search: string): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    const { workflows } = await floe.client.listWorkflows({ search });
    if (workflows.length > 0) return;
    await delay(50);
  }
  throw new Error('no workflow was imported');
}

test('past runs of job runs are imported once', async () => {
  const path = join(floe.stateDir, 'jobRun.json');
  const run = {
    jobRunId: 'jr-1',
    runStatus: 'Completed',
    startTimestamp: '2024-05-01 06:00:00',
    end_timestamp: '2024-05-01T06:05:00Z',
    runBy: 'u-1',
    workspace_id: 'ws-1',
    inputParams: JSON.stringify({ src: { dbDetails: { password } } }),
    workflows: [
      {
        workflow_id: 'wf-employees',
        workflow_name: 'Employee pipeline',
        workflowRunId: 'wr-1',
        nodes: [{ nodeId: 'src' }],
        nodeActivity: { src: { status: 'Completed' } },
      },
      {
        workflow_id: 'wf-other',
        workflow_name: 'Other',
        workflowRunId: 'wr-2',
        runStatus: 'Failed',
      },
    ],
  };
  await writeFile(path, JSON.stringify(run));
  const { code, report, said } = await importFile(path);
  expect(code, said).toBe(0);
  expect(report.runs).toMatchObject({ imported: 2, unchanged: 0 });
  const again = await importFile(path);
  expect(again.report.runs).toMatchObject({ imported: 0, unchanged: 2 });
});

test('runs of old PostgreSQL tables are imported once, counted, and shown beside those of Floe', async () => {
  await floe.sql(`create schema old; create table old.workflow_run_stats (workflow_id text, workflow_name text,
    workflow_run_id text, job_run_id text, run_status text, start_timestamp timestamp, end_timestamp timestamp, note text)`);
  await floe.sql(`create table old.node_run_details (workflow_run_id text, node_id text, node_status text,
    source_rows bigint, target_rows bigint, node_type text)`);
  await floe.sql(`insert into old.workflow_run_stats select 'wf-employees', 'Employee pipeline', 'old-' || i, 'job-' || i,
    'Completed', timestamp '2024-01-01' + i * interval '1 hour', timestamp '2024-01-01 00:05' + i * interval '1 hour',
    'password=' || 'hunter2' from generate_series(1, 900) i`);
  await floe.sql(`insert into old.node_run_details select 'old-' || i, 'n-' || n, 'Completed', i, i, 'target'
    from generate_series(1, 900) i, generate_series(1, 3) n`);
  const { host, port, user, demoDatabase } = floe.endpoints.postgres;
  const address = `postgres://${user}@${host}:${port}/${demoDatabase}`;
  const words = ['import', 'postgres', address, '--schema', 'old', '--json'];
  const all = [...words, '--secret', `file:${floe.endpoints.postgres.passwordFile}`];
  const first = await floe.floe(all);
  expect(first.code, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    rows: { runs: 900, nodes: 2_700 },
    runs: { read: 900, imported: 900, unchanged: 0, nodesStored: 2_700 },
  });
  await floe.sql(
    `update old.workflow_run_stats set run_status = 'Failed' where workflow_run_id = 'old-7'`,
  );
  const second = await floe.floe(all);
  expect(JSON.parse(second.stdout)).toMatchObject({
    runs: { read: 900, imported: 1, unchanged: 899, nodesStored: 2_700 },
  });
  expect(second.stdout).not.toContain('hunter2');
  // The list that the callers of the replaced service read.
  const legacy = new WorkflowRun({ baseUrl: floe.endpoints.gateway });
  const filters = { workflow_id: 'wf-employees', run_status: 'Failed' };
  const page = await legacy.getWorkflowRunWithFilters(USER, false, filters);
  expect(page.Items.map(({ _id }) => _id)).toMatchObject([
    { workflow_run_id: 'old-7', runStatus: 'Failed', total_nodes: 3, completed_nodes: 3 },
  ]);
  // Its own database has no such tables, only the views that Floe offers under their names.
  const own = await floe.floe(['import', 'postgres', '--json']);
  expect(own.code).toBe(2);
  expect(own.stdout).toContain('has no table public.workflow_run_stats');
});
