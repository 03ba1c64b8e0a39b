/** Hunts what a row of the old tables would lose on its way: columns, retries, rows without a node. */
import { expect, test } from 'vitest';
import { checkPastRun, readJobRun, readStatsRow, type JsonRecord } from '../src/index.ts';

const RUN = {
  id: 7,
  workflow_run_id: 'wr-1',
  workflow_id: 'wf-1',
  workspace_name: 'People',
  run_status: 'COMPLETED',
  start_timestamp: '2025-01-01T06:00:00',
  end_timestamp: '2025-01-01T06:05:00+01:00',
  flow_run_tags: ['nightly', 3],
  flow_parameters: { day: '2025-01-01' },
  retry_count: 2,
  cluster: 'blue',
  remark: null,
};

const node = (fields: JsonRecord): JsonRecord => ({ workflow_run_id: 'wr-1', ...fields });

test('columns become fields, and what has none is kept', () => {
  const run = readStatsRow(RUN, [
    node({
      node_id: 'src',
      node_status: 'Completed',
      node_start_timestamp: '2025-01-01T06:00:01.5',
      source_rows: '900719925474099312',
      total_run_time_sec: '1.25',
      cpu_usage_percent: 41,
    }),
  ]);
  expect(run).toMatchObject({
    source: 'workflow_run_stats',
    workflowRunId: 'wr-1',
    runStatus: 'Completed',
    startTime: '2025-01-01T06:00:00.000Z',
    endTime: '2025-01-01T05:05:00.000Z',
    flowRunTags: ['nightly', '3'],
    flowParameters: { day: '2025-01-01' },
    retryCount: 2,
    document: { id: 7, cluster: 'blue', node_columns: { src: { cpu_usage_percent: 41 } } },
  });
  expect(run.document).not.toHaveProperty('remark');
  expect(run.nodes).toMatchObject([
    {
      nodeId: 'src',
      startTime: '2025-01-01T06:00:01.500Z',
      sourceRows: '900719925474099312',
      totalRunTimeSec: 1.25,
    },
  ]);
});

test('of several rows of a node the first counts, and all others are kept', () => {
  const rows = [
    node({ node_id: 'src', node_status: 'Completed' }),
    node({ node_id: 'src', node_status: 'Failed' }),
    node({ node_status: 'Stopped' }),
  ];
  const run = readStatsRow(RUN, rows);
  expect(run.nodes).toMatchObject([{ nodeId: 'src', nodeStatus: 'Completed' }]);
  expect(run.document).toMatchObject({ other_node_rows: [rows[1], rows[2]] });
});

test.each([
  [{ workflow_run_id: null }, /workflow_run_id is missing/],
  [{ start_timestamp: 'infinity' }, /start_timestamp is missing or no time/],
  [{ run_status: 'odd' }, /run_status is "odd", none of Started/],
])('a row with %j is refused with the column', (fields, reason) => {
  expect(() => readStatsRow({ ...RUN, ...fields }, [])).toThrow(reason);
});

test.each([
  [{ workflow_run_id: 'x'.repeat(600) }, [], /workflowRunId has 600 characters/],
  [{ remark: 'nul \0' }, [], /remark holds the character NUL/],
  [{}, [node({ node_id: 'n'.repeat(513) })], /nodeId has 513 characters/],
])('a run that no table takes is refused before it is sent', (fields, nodes, reason) => {
  expect(() => checkPastRun(readStatsRow({ ...RUN, ...fields }, nodes))).toThrow(reason);
});

test.each([
  ['an object', { src: { status: 'Completed' } }],
  ['a text', '{"src": {"status": "Completed"}}'],
  ['a list', [{ node_id: 'src', status: 'Completed' }]],
])('the activity of nodes may be %s', (_, nodeActivity) => {
  const [run] = readJobRun({
    jobRunId: 'jr-1',
    startTimestamp: '2025-01-01T06:00:00',
    runStatus: 'Completed',
    workflows: [
      { workflowRunId: 'wr-1', nodes: [{ nodeId: 'src', nodeName: 'Source' }], nodeActivity },
    ],
  });
  expect(run?.nodes).toMatchObject([
    { nodeId: 'src', nodeName: 'Source', nodeStatus: 'Completed' },
  ]);
});
