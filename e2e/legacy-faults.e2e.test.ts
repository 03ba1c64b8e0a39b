/** One test for each fault of the service that Floe replaces: none of them may come back. */
import { WorkflowRun, type LegacyUser, type NodeStatusMessage } from '@floe/client';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { controlSql, storeOldWorkflow, type OldNode } from './support/old-workflow.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const USER: LegacyUser = { UserId: 'u-1', fullName: 'Ada' };
const WITHIN_MS = 30_000;
// A cancel takes effect within two seconds; a busy machine may take a little longer to be asked.
const KILL_WITHIN_MS = 4_000;

let floe: TestFloe;
let legacy: WorkflowRun;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 3 });
  await prepareConnections(floe);
  legacy = new WorkflowRun({ baseUrl: floe.endpoints.gateway });
});

afterAll(() => floe?.[Symbol.asyncDispose]());

/** Applies a workflow whose tasks are the nodes of an imported one. */
async function imported(id: string, tasks: string, parents: Record<string, readonly string[]>) {
  await floe.client.applyWorkflow(`name: ${id}\ntasks:\n${tasks}`);
  const nodes = Object.entries(parents).map(([node, of]): OldNode => ({
    id: node,
    name: node,
    type: of.length === 0 ? 'source' : 'transformation',
    connector: 'expression',
    parents: of,
    tasks: [node],
  }));
  await storeOldWorkflow(floe, { id, name: id, floeWorkflow: id, nodes });
}

function start(id: string, jobRunId?: string) {
  const payload = { folder_id: 'f-1', job_id: 'j-1', workflow_id: id, workflows: [] };
  return legacy.addWorkflowRun(payload, USER, jobRunId !== undefined, jobRunId);
}

function sleeping(node: string, seconds: number): string {
  const query = `select 1 as one from pg_sleep(${seconds})`;
  return `  ${node}: { type: postgres_extract, connection: source, query: '${query}' }\n`;
}

async function backends(): Promise<number> {
  const [row] = await floe.sql<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where query like '%pg_sleep(7%' and state = 'active'
       and pid <> pg_backend_pid()`,
  );
  return row!.count;
}

test('of 50 starts at the same time one runs, and the others hear that it does', async () => {
  await imported('raced', sleeping('only', 2), { only: [] });
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => start('raced')));
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as Error).message] : [],
  );
  expect(refused).toEqual(Array.from({ length: 49 }, () => 'Workflow raced is already running'));
  const { runs } = await floe.client.listRuns({ workflowName: 'raced' });
  expect(runs).toHaveLength(1);
});

test('a kill stops the work of every run of the job run, not only its status', async () => {
  await imported('long-a', sleeping('slow', 71), { slow: [] });
  await imported('long-b', sleeping('slow', 72), { slow: [] });
  const added = [await start('long-a', 'job-9'), await start('long-b', 'job-9')];
  await eventually(async () => (await backends()) === 2, { withinMs: WITHIN_MS });
  const killedAt = performance.now();
  const { workflow_run_ids } = await legacy.killWorkRunById('job-9', USER);
  await eventually(async () => (await backends()) === 0, { withinMs: WITHIN_MS });
  expect(performance.now() - killedAt).toBeLessThan(KILL_WITHIN_MS);
  expect(workflow_run_ids.toSorted()).toEqual(added.map(({ id }) => id.workflow_run_id).toSorted());
  const lookUp = () => legacy.getWorkflowRunWithFilters(USER, false, { search_val: 'job-9' });
  await eventually(async () => (await lookUp()).total_records.active === 0, {
    withinMs: WITHIN_MS,
  });
  const { Items } = await lookUp();
  expect(Items.map(({ _id }) => _id.runStatus)).toEqual(['Stopped', 'Stopped']);
  // Its end has let the next one in.
  const next = await start('long-a', 'job-10');
  await legacy.killWorkRunById(next.id.job_run_id, USER);
});

test('two runs at the same time know nothing of each other', async () => {
  await imported('twin-a', sleeping('left', 1), { left: [] });
  await imported('twin-b', `  right: { type: noop }\n`, { right: [] });
  const [a, b] = await Promise.all([start('twin-a'), start('twin-b')]);
  const watched = await Promise.all([nodesOf(a.id.workflow_run_id), nodesOf(b.id.workflow_run_id)]);
  expect(watched).toEqual([new Set(['left']), new Set(['right'])]);
});

async function nodesOf(workflowRunId: string): Promise<Set<string>> {
  const nodes = new Set<string>();
  for await (const message of legacy.watchStatus(workflowRunId)) {
    expect(message.workflowRunId).toBe(workflowRunId);
    if ('nodeId' in message) nodes.add(message.nodeId);
  }
  return nodes;
}

test('a slow node holds up no branch that does not need it', async () => {
  const tasks = `${sleeping('slow', 3)}  after_slow: { type: noop, needs: [slow] }
  quick: { type: noop }
  after_quick: { type: noop, needs: [quick] }
`;
  const parents = { slow: [], after_slow: ['slow'], quick: [], after_quick: ['quick'] };
  await imported('branches', tasks, parents);
  const { id } = await start('branches');
  const done: string[] = [];
  for await (const message of legacy.watchStatus(id.workflow_run_id)) {
    if ('nodeId' in message && isDone(message)) done.push(message.nodeId);
  }
  expect(done.indexOf('after_quick')).toBeLessThan(done.indexOf('slow'));
  expect(done.at(-1)).toBe('after_slow');
});

function isDone({ status }: NodeStatusMessage): boolean {
  return status === 'Completed';
}

test('a chain of 40 nodes runs to its end', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
  const parents = Object.fromEntries(
    names.map((name, index) => [name, index === 0 ? [] : [names[index - 1]!]]),
  );
  const tasks = names.map(
    (name) => `  ${name}: { type: noop, needs: [${parents[name]!.join()}] }\n`,
  );
  await imported('deep', tasks.join(''), parents);
  const { id } = await start('deep');
  const run = await awaitRunEnd(floe.client, id.workflow_run_id, { withinMs: WITHIN_MS });
  expect(run.state).toBe('RUN_STATE_SUCCEEDED');
  const graph = await controlSql<{ parent_nodes: string[] }>(
    floe,
    `select * from floe.get_workflow_dependency_graph('deep')`,
  );
  expect(graph.map(({ parent_nodes }) => parent_nodes)).toEqual(names.map((name) => parents[name]));
  // Each node has two numbers or three, the run three: a report shows the newest fifty.
  const report = await legacy.getWorkflowRunReport('ws-1', 'f-1', 'j-1', 'deep');
  expect(report.execution_metrics).toHaveLength(50);
});

test('every parent of a node is read, and its lineage says how much came from each', async () => {
  await floe.sql(`create table first as select i from generate_series(1, 7) i;
    create table second as select i from generate_series(5, 15) i`);
  const extract = (name: string) =>
    `  ${name}: { type: postgres_extract, connection: source, query: select i from ${name} }\n`;
  const join = `  both: { type: expression_transform, inputs: [first, second], polars: 'first.join(second, on="i")' }\n`;
  const parents = { first: [], second: [], both: ['first', 'second'] };
  await imported('joined', extract('first') + extract('second') + join, parents);
  const { id } = await start('joined');
  await awaitRunEnd(floe.client, id.workflow_run_id, { withinMs: WITHIN_MS });
  const edges = await controlSql<{ data_size_bytes: number }>(
    floe,
    `select source_node_id, target_node_id, record_count::int, data_size_bytes::int from floe.workflow_data_lineage
     where workflow_run_id = $1 order by 1`,
    [id.workflow_run_id],
  );
  expect(edges).toEqual([
    {
      source_node_id: 'first',
      target_node_id: 'both',
      record_count: 7,
      data_size_bytes: expect.any(Number),
    },
    {
      source_node_id: 'second',
      target_node_id: 'both',
      record_count: 11,
      data_size_bytes: expect.any(Number),
    },
  ]);
  const [node] = await controlSql(
    floe,
    `select source_rows::int, target_rows::int from floe.node_run_details where workflow_run_id = $1 and node_id = 'both'`,
    [id.workflow_run_id],
  );
  expect(node).toEqual({ source_rows: 18, target_rows: 3 });
});

test.each([
  [{ search_val: `'; drop table floe.run; --` }, 0],
  [{ search_val: `%_\\` }, 0],
  [{ workflow_id: `' or true --` }, 0],
])('text of a caller is text: %j', async (filters, count) => {
  const { Items } = await legacy.getWorkflowRunWithFilters(USER, false, filters);
  expect(Items).toHaveLength(count);
});

test.each([
  [{ sort_val: 'workflow_name; drop table floe.run' }, /^sort_val must name one of/],
  [{ sort_val: 'constructor' }, /^sort_val must name one of/],
  [{ rows: -1 }, 'rows must be a whole number from 0 to 500'],
  [{ rows: 1e9 }, 'rows must be a whole number from 0 to 500'],
  [{ num_of_rows_to_skip: '1; select' as never }, /^num_of_rows_to_skip must be/],
  [{ search_val: 'a\0b' }, 'search_val must not hold a zero character'],
  [{ search_val: 'x'.repeat(600) }, 'search_val must have at most 512 characters'],
  [{ start_date: '2026-02-30T99:00' }, /^start_date must be a date/],
  [{ run_status: 'Done' }, /^run_status must be one of Started,/],
])('what a list cannot mean is refused: %j', async (filters, message) => {
  const listed = legacy.getWorkflowRunWithFilters(USER, false, filters);
  await expect(listed).rejects.toThrow(message);
});

test('a status is in one place: lists, reports, views and the run itself cannot differ', async () => {
  await imported('broken', sleeping('bad', 0).replace('1 as one', '1 / 0 as one'), { bad: [] });
  const { id } = await start('broken');
  const runId = id.workflow_run_id;
  const run = await awaitRunEnd(floe.client, runId, { withinMs: WITHIN_MS });
  const { Items } = await legacy.getWorkflowRunWithFilters(USER, false, { workflow_id: 'broken' });
  const report = await legacy.getWorkflowRunReport('ws-1', 'f-1', 'j-1', 'broken');
  const [row] = await controlSql<{ stats: string; node: string; job: string; overview: string }>(
    floe,
    `select (select run_status from floe.workflow_run_stats where workflow_run_id = $1) as stats,
       (select node_status from floe.node_run_details where workflow_run_id = $1) as node,
       (select run_status from floe.vw_dashboard_job_runs_table where job_run_id = $2) as job,
       (select last_run_status from floe.vw_workflow_overview where workflow_id = 'broken') as overview`,
    [runId, id.job_run_id],
  );
  expect(run.state).toBe('RUN_STATE_FAILED');
  expect(Items[0]!._id).toMatchObject({ runStatus: 'Failed', failed_nodes: 1 });
  expect(report.overview_card.last_run_status).toBe('Failed');
  expect(row).toEqual({ stats: 'Failed', node: 'Failed', job: 'Failed', overview: 'Failed' });
});
