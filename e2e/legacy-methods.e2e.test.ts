/** Hunts what callers of the replaced service would notice: a name, a shape, a word, a text that is not as it was. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowRun, type LegacyUser } from '@floe/client';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { MailServer } from './support/mail-server.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import {
  EMPLOYEES,
  EMPLOYEES_DOCUMENT,
  EMPLOYEE_TABLES,
  controlSql,
  storeOldWorkflow,
} from './support/old-workflow.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const ADA: LegacyUser = {
  UserId: 'u-1',
  fullName: 'Ada Byron',
  infoId: 'i-1',
  photoURL: 'https://example.test/ada.png',
  user_utc_offset: '+05:30',
};
const PAYLOAD = {
  workspace_id: 'ws-1',
  folder_id: 'f-1',
  job_id: 'j-1',
  workflow_id: 'wf-employees',
  workflows: [],
};
const WITHIN_MS = 30_000;

const mail = new MailServer();
let floe: TestFloe;
let legacy: WorkflowRun;
/** The run that most of these tests look at. */
let runId: string;
let jobRunId: string;

beforeAll(async () => {
  const env = { FLOE_SMTP_URL: await mail.listen() };
  floe = await startTestFloe({ executors: 1, slots: 2, env });
  await prepareConnections(floe);
  await floe.sql(EMPLOYEE_TABLES);
  await floe.client.applyWorkflow(EMPLOYEES_DOCUMENT);
  await storeOldWorkflow(floe, EMPLOYEES);
  await storeOldWorkflow(floe, {
    id: 'wf-asleep',
    name: 'Asleep',
    status: 'Inactive',
    floeWorkflow: null,
    nodes: [],
  });
  await storeOldWorkflow(floe, {
    id: 'wf-snow',
    name: 'Snow',
    floeWorkflow: null,
    refusals: [{ path: 'connectionInformation_v1.a', message: 'has the connector snowflake' }],
    nodes: [],
  });
  await controlSql(
    floe,
    `insert into floe.legacy_run (workflow_run_id, job_run_id, workflow_id, workflow_name, workspace_id, workspace_name,
       folder_id, folder_name, job_id, job_name, run_status, run_by_id, run_by, start_timestamp, end_timestamp, source,
       checksum)
     values ('old-1', 'old-job', 'wf-employees', 'Employee pipeline', 'ws-1', 'People', 'f-1', 'HR', 'j-1', 'Nightly',
       'Failed', 'u-9', 'Charles', '2025-03-01T20:00:00Z', '2025-03-01T20:01:30Z', 'jobRun', 'x')`,
  );
  await controlSql(
    floe,
    `insert into floe.legacy_node_run (workflow_run_id, node_id, node_name, node_type, node_status, node_start_timestamp,
       node_end_timestamp, target_rows, error_message)
     values ('old-1', 'src', 'Employees', 'source', 'Failed', '2025-03-01T20:00:00Z', '2025-03-01T20:01:30Z', 0,
       'no such table')`,
  );
  legacy = new WorkflowRun({ baseUrl: floe.endpoints.gateway });
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

async function collect<Message>(messages: AsyncIterable<Message>): Promise<Message[]> {
  const all: Message[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

async function post(method: string, body: unknown) {
  const response = await fetch(`${floe.endpoints.gateway}/legacy/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

test('addWorkflowRun starts the imported workflow, which loads the right rows', async () => {
  const added = await legacy.addWorkflowRun(PAYLOAD, ADA);
  runId = added.id.workflow_run_id;
  jobRunId = added.id.job_run_id;
  expect(added).toEqual({
    id: {
      workflow_run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      job_run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      prefect_flow_run_id: runId,
      workflow_id: 'wf-employees',
      workflow_name: 'Employee pipeline',
      status: 'Running',
    },
  });
  const run = await awaitRunEnd(floe.client, runId, { withinMs: WITHIN_MS });
  expect(run.state).toBe('RUN_STATE_SUCCEEDED');
  const [loaded] = await floe.sql<{ count: number; low: number }>(
    'select count(*)::int as count, min(salary) as low from employees_high',
  );
  expect(loaded).toEqual({ count: 20, low: 71_000 });
});

test.each([
  [
    'no folder',
    { ...PAYLOAD, folder_id: '' },
    ADA,
    'Please enter the field FOLDER ID, JOB ID AND WORKFLOW ID',
  ],
  ['no user', PAYLOAD, {}, 'Permission Denied for Workflow Run'],
  ['an unknown workflow', { ...PAYLOAD, workflow_id: 'wf-?' }, ADA, 'Workflow not found: wf-?'],
  [
    'an inactive one',
    { ...PAYLOAD, workflow_id: 'wf-asleep' },
    ADA,
    'Workflow is inactive and cannot be run',
  ],
  [
    'one that was refused',
    { ...PAYLOAD, workflow_id: 'wf-snow' },
    ADA,
    'Workflow wf-snow cannot be run: connectionInformation_v1.a has the connector snowflake',
  ],
])('addWorkflowRun answers 400 with the known text: %s', async (_, payload, user, detail) => {
  expect(await post('addWorkflowRun', { payload, user })).toEqual({
    status: 400,
    body: { detail },
  });
});

test('getWorkflowRunWithFilters lists runs of Floe and imported ones, on the clock of the user', async () => {
  const page = await legacy.getWorkflowRunWithFilters(ADA, false, { workflow_id: 'wf-employees' });
  const run = await floe.client.getRun(runId);
  const onClock = (time: string) =>
    new Date(Date.parse(time) + 330 * 60_000).toISOString().slice(0, -1);
  const own = {
    workflow_run_id: runId,
    workflow_id: 'wf-employees',
    workflow_name: 'Employee pipeline',
    job_run_id: jobRunId,
    job_name: 'Nightly',
    runStatus: 'Completed',
    startTimestamp: onClock(run.createTime!),
    end_timestamp: onClock(run.endTime!),
    runBy: { id: 'u-1', name: 'Ada Byron', photoURL: 'https://example.test/ada.png' },
    prefect_flow_run_id: runId,
    workspace_name: 'People',
    folder_name: 'HR',
    total_nodes: 3,
    completed_nodes: 3,
    failed_nodes: 0,
    running_nodes: 0,
    recordsProcessed: 20,
  };
  const imported = {
    ...own,
    workflow_run_id: 'old-1',
    job_run_id: 'old-job',
    runStatus: 'Failed',
    startTimestamp: '2025-03-02T01:30:00.000',
    end_timestamp: '2025-03-02T01:31:30.000',
    runBy: { id: 'u-9', name: 'Charles', photoURL: '' },
    prefect_flow_run_id: '',
    total_nodes: 1,
    completed_nodes: 0,
    failed_nodes: 1,
    recordsProcessed: 0,
  };
  expect(page).toEqual({
    Items: [
      { _id: own, sortField: own.startTimestamp },
      { _id: imported, sortField: imported.startTimestamp },
    ],
    total_records: { active: 0, inactive: 2, totalDocs: 2 },
  });
});

test.each([
  [{ search_val: 'CHARLES' }, ['old-1']],
  [{ run_status: 'Failed' }, ['old-1']],
  [{ run_status: ['completed'] }, ['own']],
  [{ sort_val: 'startTimestamp:asc' }, ['old-1', 'own']],
  [{ sort_val: { runStatus: -1 as const } }, ['old-1', 'own']],
  [{ rows: 1, num_of_rows_to_skip: 1 }, ['old-1']],
  // Half past one in the night of the user is still the day before in UTC.
  [{ start_date: '2025-03-02', end_date: '2025-03-02' }, ['old-1']],
  [{ start_date: '2025-03-01', end_date: '2025-03-01' }, []],
  [{ workflow_id: 'nobody' }, []],
])('getWorkflowRunWithFilters with %j', async (filters, expected) => {
  const { Items } = await legacy.getWorkflowRunWithFilters(ADA, false, filters);
  const ids = Items.map(({ _id }) => _id.workflow_run_id);
  expect(ids).toEqual(expected.map((id) => (id === 'own' ? runId : id)));
});

test('a page is 20 runs, a download all of them, a report the last 20; numbers are of all', async () => {
  await storeOldWorkflow(floe, { id: 'wf-many', name: 'Many', floeWorkflow: null, nodes: [] });
  await controlSql(
    floe,
    `insert into floe.legacy_run (workflow_run_id, workflow_id, workflow_name, run_status, start_timestamp, end_timestamp,
       source, checksum)
     select 'many-' || n, 'wf-many', 'Many', case when n > 22 then 'Running' else 'Completed' end,
       timestamptz '2025-01-01Z' + n * interval '1 day',
       case when n <= 22 then timestamptz '2025-01-01Z' + n * interval '1 day' + interval '30 seconds' end, 'jobRun', ''
     from generate_series(1, 25) n on conflict do nothing`,
  );
  const filters = { workflow_id: 'wf-many' };
  const idsOf = ({ Items }: { Items: readonly { _id: { workflow_run_id: string } }[] }) =>
    Items.map(({ _id }) => _id.workflow_run_id);
  const newest = Array.from({ length: 25 }, (_, index) => `many-${25 - index}`);
  const page = await legacy.getWorkflowRunWithFilters(ADA, false, filters);
  expect(idsOf(page)).toEqual(newest.slice(0, 20));
  expect(page.total_records).toEqual({ active: 3, inactive: 22, totalDocs: 25 });
  const rest = await legacy.getWorkflowRunWithFilters(ADA, false, {
    ...filters,
    num_of_rows_to_skip: 20,
  });
  expect(idsOf(rest)).toEqual(newest.slice(20));
  const all = await legacy.getWorkflowRunWithFilters(ADA, true, {
    ...filters,
    num_of_rows_to_skip: 20,
    rows: 5,
  });
  expect(idsOf(all)).toEqual(newest);
  const report = await legacy.getWorkflowRunReport('ws-1', 'f-1', 'j-1', 'wf-many');
  expect(report.historical_runs.map(({ workflow_run_id }) => workflow_run_id)).toEqual(
    newest.slice(0, 20),
  );
  expect(report.historical_runs[0]).toMatchObject({ end_timestamp: null, runtime_seconds: null });
  expect(report.performance_metrics).toMatchObject({ avg_execution_time: 30 });
});

test('getWorkflowRunStats gives rows, their number, and the way to each', async () => {
  const stats = await legacy.getWorkflowRunStats(ADA, { filter_start_date: '2025-03-02' });
  expect(stats.total_records).toBe(2);
  expect(stats.Items.map(({ run_status }) => run_status)).toEqual(['Completed', 'Failed']);
  expect(stats.Items[1]).toMatchObject({ run_by: 'Charles', runtime_seconds: 90, job_id: 'j-1' });
  expect(stats.breadcrumbs[0]).toEqual([
    { workspace_name: 'People', workspace_id: 'ws-1' },
    { folder_name: 'HR', folder_id: 'f-1' },
    { workflow_name: 'Employee pipeline', workflow_id: 'wf-employees' },
  ]);
  const lastWeek = await legacy.getWorkflowRunStats(ADA, { filter_type: 'week' });
  expect(lastWeek.Items.map(({ workflow_run_id }) => workflow_run_id)).toEqual([runId]);
});

test('getWorkflowRunLogById tells what happened, in order, and what failed', async () => {
  const lines = await legacy.getWorkflowRunLogById('wf-employees', runId);
  expect(lines.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'Workflow Employee pipeline was started by Ada Byron',
      'Node Employees has begun',
      'Node Target: Completed, 20 rows',
      'Workflow Employee pipeline: Completed',
    ]),
  );
  expect(new Set(lines.map(({ msgType }) => msgType))).toEqual(new Set(['Success']));
  const times = lines.map(({ timestamp }) => timestamp);
  expect(times).toEqual(times.toSorted());
  expect(await legacy.getWorkflowRunLogById('wf-employees', 'old-1')).toContainEqual({
    timestamp: '2025-03-01T20:01:30.000Z',
    message: 'Node Employees: Failed, no such table',
    msgType: 'Failed',
  });
});

test('getWorkflowRunReport has its four parts', async () => {
  const report = await legacy.getWorkflowRunReport('ws-1', 'f-1', 'j-1', 'wf-employees');
  expect(report.overview_card).toEqual({
    workspace_id: 'ws-1',
    workspace_name: 'People',
    folder_id: 'f-1',
    folder_name: 'HR',
    job_id: 'j-1',
    job_name: 'Nightly',
    workflow_id: 'wf-employees',
    workflow_name: 'Employee pipeline',
    created_at: '2025-01-01T00:00:00.000Z',
    created_by: 'ada',
    last_run_id: runId,
    last_run_at: (await floe.client.getRun(runId)).createTime,
    last_run_status: 'Completed',
    prefect_flow_run_id: runId,
  });
  const seconds = report.historical_runs.map(({ runtime_seconds }) => runtime_seconds!);
  expect(report.performance_metrics).toEqual({
    total_nodes: 3,
    completed_tasks: 3,
    running_tasks: 0,
    failed_tasks: 1,
    total_rows_processed: 20,
    avg_execution_time: (seconds[0]! + seconds[1]!) / 2,
    total_memory_used: expect.any(Number),
  });
  const valueOf = (name: string) =>
    report.execution_metrics.find(({ metric_name }) => metric_name === name);
  expect(valueOf('total_rows_processed')).toMatchObject({ metric_value: 20, metric_unit: 'rows' });
  expect(valueOf('total_nodes_executed')).toMatchObject({ metric_value: 3 });
  expect(valueOf('node_execution_time')).toMatchObject({ metric_type: 'performance' });
  expect(report.historical_runs).toHaveLength(2);
  expect(report.historical_runs[1]).toMatchObject({ workflow_run_id: 'old-1', run_by: 'Charles' });
});

test('the live status tells each node and the run, to the end, also to who comes late', async () => {
  const { id } = await legacy.addWorkflowRun(PAYLOAD, ADA);
  for (const _ of ['live', 'late']) {
    const messages = await collect(legacy.watchStatus(id.workflow_run_id));
    const nodes = messages.filter((message) => 'nodeId' in message);
    for (const node of ['src', 'high', 'tgt']) {
      const words = nodes.filter(({ nodeId }) => nodeId === node).map(({ status }) => status);
      expect(words.at(-1)).toBe('Completed');
    }
    expect(messages.at(-1)).toEqual({
      workflowRunId: id.workflow_run_id,
      workflowStatus: 'Completed',
      message: 'Workflow run Completed',
      timestamp: expect.stringMatching(/Z$/),
    });
    expect(messages.every(({ workflowRunId }) => workflowRunId === id.workflow_run_id)).toBe(true);
  }
  const old = await collect(legacy.watchStatus('old-1'));
  expect(old).toEqual([
    expect.objectContaining({ nodeId: 'src', status: 'Failed', message: 'no such table' }),
    expect.objectContaining({ workflowStatus: 'Failed' }),
  ]);
  const unknown = legacy.watchStatus('nobody');
  await expect(unknown.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('a job run holds the runs that were started for it, and a kill names its ends', async () => {
  const first = await legacy.addWorkflowRun(PAYLOAD, ADA, true, 'job-run-7');
  expect(first.id.job_run_id).toBe('job-run-7');
  await awaitRunEnd(floe.client, first.id.workflow_run_id, { withinMs: WITHIN_MS });
  expect(await legacy.killWorkRunById('job-run-7', ADA)).toEqual({
    job_run_id: 'job-run-7',
    status: 'Stopped',
    workflow_run_ids: [],
  });
  expect(await legacy.killWorkflowRunById('old-job', ADA)).toMatchObject({ workflow_run_ids: [] });
  // Hundreds of newer ids begin with this one.
  await controlSql(
    floe,
    `insert into floe.legacy_run (workflow_run_id, job_run_id, run_status, start_timestamp, source, checksum)
     select 'of-job-' || n, 'many-job-' || n, 'Completed', timestamptz '2024-01-01Z' + n * interval '1 hour', 'jobRun', ''
     from generate_series(1, 300) n on conflict do nothing`,
  );
  expect(await legacy.killWorkRunById('many-job-1', ADA)).toMatchObject({
    job_run_id: 'many-job-1',
    workflow_run_ids: [],
  });
  expect(await post('killWorkRunById', { jobRunId: 'nobody', user: ADA })).toEqual({
    status: 400,
    body: { detail: 'Job run not found: nobody' },
  });
});

test('every start has its record of activity', async () => {
  const rows = await controlSql(
    floe,
    `select user_id, user_name, module, workflow_id from floe.user_activity order by created_at limit 1`,
  );
  expect(rows).toEqual([
    { user_id: 'u-1', user_name: 'Ada Byron', module: 'workflows', workflow_id: 'wf-employees' },
  ]);
});

/** As MongoDB has it, with who wants to be told. */
function notifying(id: string, column: string, flags: object): object {
  return {
    workflow_id: id,
    workflow_name: id,
    status: 'Active',
    notifyEmail: 'ada@example.com; bo@example.com',
    ...flags,
    connectionInformation_v1: {
      src: {
        connector_type: 'postgresql',
        connector_category: 'Databases',
        sequence: 1,
        dbDetails: { db: 'source', sql: `select employee_id, salary from employees` },
      },
      tgt: {
        connector_type: 'postgresql',
        connector_category: 'Databases',
        sequence: 2,
        dbDetails: { db: 'source', table: 'employees_high', truncateTable: true },
        field_mapping: [
          { value: 'employee_id', target: column, selected: true },
          { value: 'salary', target: 'salary', selected: true },
        ],
      },
    },
    dependencies: { tgt: ['src'] },
  };
}

test('mail goes to those of notifyEmail when a run that was started the old way ends, as the flags say', async () => {
  const documents = [
    notifying('wf-glad', 'employee_id', { onSuccessNotify: true, onFailureNotify: false }),
    notifying('wf-quiet', 'employee_id', { onSuccessNotify: false, onFailureNotify: true }),
    notifying('wf-sad', 'no_such_column', { onSuccessNotify: false, onFailureNotify: true }),
  ];
  const file = join(floe.stateDir, 'notifying.json');
  await writeFile(file, JSON.stringify(documents));
  const imported = await floe.floe(['import', 'mongo', file, '--json']);
  expect(JSON.parse(imported.stdout), imported.stderr).toMatchObject({ imported: 3, refused: 0 });
  for (const [workflow_id, state] of [
    ['wf-quiet', 'RUN_STATE_SUCCEEDED'],
    ['wf-glad', 'RUN_STATE_SUCCEEDED'],
    ['wf-sad', 'RUN_STATE_FAILED'],
  ] as const) {
    const { id } = await legacy.addWorkflowRun({ ...PAYLOAD, workflow_id }, ADA);
    const run = await awaitRunEnd(floe.client, id.workflow_run_id, { withinMs: WITHIN_MS });
    expect([workflow_id, run.state]).toEqual([workflow_id, state]);
  }
  await eventually(() => expect(mail.mails).toHaveLength(2), { withinMs: WITHIN_MS });
  const to = ['ada@example.com', 'bo@example.com'];
  expect(mail.mails).toEqual([
    { to, text: expect.stringMatching(/^Subject: wf-glad succeeded\r$/m) },
    { to, text: expect.stringMatching(/^Subject: wf-sad failed\r$/m) },
  ]);
  expect(mail.mails[1]!.text).toMatch(/no_such_column/);
});
