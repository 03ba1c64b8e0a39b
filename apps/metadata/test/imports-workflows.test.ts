import { readFileSync } from 'node:fs';
import { ImportOutcome, LegacyNodeRun, LegacyRun } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

const EXAMPLE = readFileSync(
  new URL('../../../examples/legacy/workflow.json', import.meta.url),
  'utf8',
);

let fixture: MetadataFixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

/** The example with changes. */
function legacy(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(EXAMPLE) as object), ...changes });
}

async function importAll(...documents: string[]) {
  const answer = await fixture.metadata.importWorkflows({
    source: 'test',
    documents: documents.map((json, index) => ({ place: `line ${index + 1}`, json })),
    quarantined: [],
  });
  return answer.workflows;
}

const node = (fields: object) => ({
  connector_type: 'postgresql',
  connector_category: 'Databases',
  dbDetails: { db: 'hr', table: 't' },
  ...fields,
});

test('the example becomes a workflow of three tasks, and its nodes know them', async () => {
  const [imported] = await importAll(EXAMPLE);
  expect(imported).toMatchObject({
    workflowId: 'wf-employees',
    outcome: ImportOutcome.IMPORTED,
    floeWorkflow: 'wf-employees',
    refusals: [],
    unmapped: [],
  });
  const { version } = await fixture.metadata.getWorkflow({ name: 'wf-employees', version: 0 });
  expect(version?.tasks.map((task) => `${task.type} ${task.taskId}`)).toEqual([
    'postgres_extract src',
    'expression_transform high',
    'postgres_load tgt',
  ]);
  expect(
    await fixture.query(
      `select node_id, node_type, task_ids from floe.legacy_node where workflow_id = 'wf-employees' order by position`,
    ),
  ).toEqual([
    { node_id: 'src', node_type: 'source', task_ids: ['src'] },
    { node_id: 'high', node_type: 'transformation', task_ids: ['high'] },
    { node_id: 'tgt', node_type: 'target', task_ids: ['tgt'] },
  ]);
  expect(
    await fixture.query(
      `select child_node_id, parent_node_id from floe.legacy_dependency
       where workflow_id = 'wf-employees' order by 1`,
    ),
  ).toEqual([
    { child_node_id: 'high', parent_node_id: 'src' },
    { child_node_id: 'tgt', parent_node_id: 'high' },
  ]);
});

test('the same document again changes nothing, another one makes a version', async () => {
  const document = legacy({ workflow_id: 'wf-again' });
  await importAll(document);
  const [again] = await importAll(document);
  expect(again).toMatchObject({ outcome: ImportOutcome.UNCHANGED, floeWorkflow: 'wf-again' });
  const [changed] = await importAll(legacy({ workflow_id: 'wf-again', workflow_name: 'Other' }));
  expect(changed).toMatchObject({ outcome: ImportOutcome.IMPORTED });
  const { workflow } = await fixture.metadata.getWorkflow({ name: 'wf-again', version: 0 });
  expect(workflow).toMatchObject({
    latestVersion: 2,
    description: expect.stringContaining('Other'),
  });
  expect(
    await fixture.query(
      `select count(*)::int from floe.legacy_node where workflow_id = 'wf-again'`,
    ),
  ).toEqual([{ count: 3 }]);
});

test('passwords are stored nowhere', async () => {
  const password = 'hunter2-is-a-secret';
  const nodes = { src: node({ sequence: 1, dbDetails: { db: 'hr', table: 't', password } }) };
  const document = legacy({
    workflow_id: 'wf-secret',
    connectionInformation_v1: JSON.stringify(nodes),
    dependencies: {},
    smtp: { url: `smtp://mailer:${password}@mail.example.com`, apiKey: password },
  });
  const [imported] = await importAll(document);
  expect(JSON.stringify(imported)).not.toContain(password);
  const everything = await fixture.query(
    `select w::text || (select string_agg(n::text, '') from floe.legacy_node n
                        where n.workflow_id = w.workflow_id) as text
     from floe.legacy_workflow w where workflow_id = 'wf-secret'
     union all select v::text from floe.workflow_version v`,
  );
  expect(JSON.stringify(everything)).not.toContain(password);
  expect(JSON.stringify(everything)).toContain('***');
});

test('one bad document keeps no other from being stored', async () => {
  const workflows = await importAll(
    legacy({
      workflow_id: 'wf-circle',
      dependencies: { src: ['tgt'], high: ['src'], tgt: ['high'] },
    }),
    '{"workflow_id": ',
    legacy({ workflow_id: 'wf-list', connectionInformation_v1: [1, 2] }),
    legacy({ workflow_id: 'wf-nul', workflow_name: 'a\0b' }),
    legacy({
      workflow_id: 'wf-nul-within',
      connectionInformation_v1: JSON.stringify({ src: { node_name: 'a\0b', sequence: 1 } }),
    }),
    legacy({
      workflow_id: 'wf-long-node',
      connectionInformation_v1: {
        [Array.from({ length: 4_000 }, (_, n) => n).join()]: { sequence: 1 },
      },
      dependencies: {},
    }),
    legacy({ workflow_id: 'wf-good' }),
  );
  expect(workflows.map(({ outcome }) => outcome)).toEqual([
    ImportOutcome.REFUSED,
    ImportOutcome.QUARANTINED,
    ImportOutcome.QUARANTINED,
    ImportOutcome.QUARANTINED,
    ImportOutcome.QUARANTINED,
    ImportOutcome.QUARANTINED,
    ImportOutcome.IMPORTED,
  ]);
  expect(workflows[0]?.refusals[0]?.message).toMatch(/go in a circle: \w+ → \w+ → \w+ → \w+/);
  const kept = await fixture.query(
    `select floe_workflow, jsonb_array_length(refusals) as refusals from floe.legacy_workflow
     where workflow_id = 'wf-circle'`,
  );
  expect(kept).toEqual([{ floe_workflow: null, refusals: 1 }]);
  expect(
    await fixture.query(
      `select place, document_id, reason from floe.legacy_quarantine order by place`,
    ),
  ).toEqual([
    expect.objectContaining({ place: 'line 2', reason: expect.stringContaining('is no JSON') }),
    {
      place: 'line 3',
      document_id: 'wf-list',
      reason: 'connectionInformation_v1 is a list, not an object',
    },
    expect.objectContaining({ place: 'line 4', reason: expect.stringContaining('character NUL') }),
    {
      place: 'line 5',
      document_id: 'wf-nul-within',
      reason: 'connectionInformation_v1.src.node_name holds the character NUL',
    },
    expect.objectContaining({ place: 'line 6', reason: expect.stringContaining('512 characters') }),
  ]);
});

test('a connector that Floe has no task for is kept and named', async () => {
  const nodes = {
    src: node({ sequence: 1, connector_type: 'snowflake', node_name: 'Warehouse' }),
    tgt: node({ sequence: 2 }),
  };
  const [imported] = await importAll(
    legacy({
      workflow_id: 'wf-snow',
      connectionInformation_v1: nodes,
      dependencies: { tgt: ['src'] },
    }),
  );
  expect(imported).toMatchObject({ outcome: ImportOutcome.IMPORTED });
  expect(imported?.notes[0]?.message).toContain('snowflake');
  const { version } = await fixture.metadata.getWorkflow({ name: 'wf-snow', version: 0 });
  expect(version?.tasks[0]).toMatchObject({ taskId: 'src', type: 'unsupported' });
});

test('a workflow that people made is not replaced by an import', async () => {
  await fixture.metadata.applyWorkflow({
    source: 'name: wf-own\ntasks:\n  wait: { type: noop }',
    validateOnly: false,
  });
  const [refused] = await importAll(legacy({ workflow_id: 'wf-own' }));
  expect(refused).toMatchObject({ outcome: ImportOutcome.REFUSED, floeWorkflow: '' });
  expect(refused?.refusals[0]?.message).toContain('is there already');
  const { version } = await fixture.metadata.getWorkflow({ name: 'wf-own', version: 0 });
  expect(version?.tasks.map((task) => task.type)).toEqual(['noop']);
});

test('runs are stored once, with their nodes, and again when they are otherwise', async () => {
  const run = LegacyRun.create({
    workflowRunId: 'wr-1',
    jobRunId: 'jr-1',
    workflowId: 'wf-employees',
    workflowName: 'Employee pipeline',
    runStatus: 'Completed',
    startTime: new Date('2024-05-01T06:00:00Z'),
    endTime: new Date('2024-05-01T06:01:00Z'),
    source: 'jobRun',
    flowParameters: { since: '2024-01-01', password: 'hunter2' },
    document: '{"inputParams":{"src":{"password":"hunter2"}}}',
    nodes: [LegacyNodeRun.create({ nodeId: 'src', nodeStatus: 'Completed', targetRows: 12n })],
  });
  const put = (changes: object) =>
    fixture.metadata.importRuns({
      source: 'test',
      runs: [{ ...run, ...changes }],
      quarantined: [],
    });
  const all = { storedRuns: 1, storedNodes: 1 };
  expect(await put({})).toEqual({ imported: 1, unchanged: 0, ...all });
  expect(await put({})).toEqual({ imported: 0, unchanged: 1, ...all });
  expect(await put({ runStatus: 'Failed' })).toEqual({ imported: 1, unchanged: 0, ...all });
  const stored = await fixture.query(
    `select r.run_status, r::text as run, n.target_rows::int from floe.legacy_run r
     join floe.legacy_node_run n using (workflow_run_id)`,
  );
  expect(stored).toMatchObject([{ run_status: 'Failed', target_rows: 12 }]);
  expect(JSON.stringify(stored)).not.toContain('hunter2');
  await expect(put({ runStatus: 'Done' })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
});

const TOLD = {
  jobRun: LegacyRun.create({
    source: 'jobRun',
    jobRunId: 'jr-2',
    workflowName: 'As the document has it',
    jobName: 'Nightly',
    runStatus: 'Running',
    runBy: 'ada',
    startTime: new Date('2024-05-01T06:00:00Z'),
    document: '{"inputParams":"{}"}',
    nodes: [
      LegacyNodeRun.create({ nodeId: 'src', nodeStatus: 'Running', nodeName: 'Employees' }),
      LegacyNodeRun.create({ nodeId: 'only-here', nodeStatus: 'Started' }),
    ],
  }),
  workflow_run_stats: LegacyRun.create({
    source: 'workflow_run_stats',
    workflowName: 'As the tables have it',
    runStatus: 'Completed',
    startTime: new Date('2024-05-01T06:00:01Z'),
    endTime: new Date('2024-05-01T06:01:00Z'),
    document: '{"region":"north"}',
    nodes: [
      LegacyNodeRun.create({
        nodeId: 'src',
        nodeStatus: 'Completed',
        endTime: new Date('2024-05-01T06:01:00Z'),
        targetRows: 12n,
      }),
    ],
  }),
};

test('a run that two sources know is one, the same in whatever order they came, and nothing of it is lost', async () => {
  const put = (workflowRunId: string, source: keyof typeof TOLD, changes: object = {}) => {
    const run = { ...TOLD[source], workflowRunId, ...changes };
    return fixture.metadata.importRuns({ source: 'test', runs: [run], quarantined: [] });
  };
  await put('wr-ab', 'jobRun');
  const merged = await put('wr-ab', 'workflow_run_stats');
  expect(merged).toEqual({ imported: 1, unchanged: 0, storedRuns: 1, storedNodes: 1 });
  await put('wr-ba', 'workflow_run_stats');
  expect(await put('wr-ba', 'jobRun')).toMatchObject({ storedNodes: 2 });
  for (const source of ['jobRun', 'workflow_run_stats'] as const)
    expect(await put('wr-ab', source)).toMatchObject({ imported: 0, unchanged: 1 });
  const stored = async (id: string) =>
    (await fixture.query(
      `select to_jsonb(r) - 'imported_at' - 'workflow_run_id' - 'checksum' - 'document' as run,
         (select jsonb_agg(to_jsonb(n) - 'workflow_run_id' order by node_id) from floe.legacy_node_run n
          where n.workflow_run_id = '${id}') as nodes,
         document -> 'accounts' -> 'jobRun' -> 'document' as of_job_run,
         document -> 'accounts' -> 'workflow_run_stats' -> 'document' as of_tables,
         document -> 'accounts' -> 'jobRun' -> 'run' ->> 'workflow_name' as other_name
       from floe.legacy_run r where workflow_run_id = '${id}'`,
    )) as [Record<string, unknown>];
  const [one] = await stored('wr-ab');
  expect(await stored('wr-ba')).toEqual([one]);
  expect(one).toMatchObject({
    run: {
      workflow_name: 'As the tables have it',
      job_name: 'Nightly',
      run_status: 'Completed',
      run_by: 'ada',
    },
    nodes: [
      { node_id: 'only-here', node_status: 'Started' },
      { node_id: 'src', node_status: 'Completed', node_name: 'Employees', target_rows: 12 },
    ],
    of_job_run: { inputParams: '{}' },
    of_tables: { region: 'north' },
    other_name: 'As the document has it',
  });
  await put('wr-ab', 'jobRun', { runBy: 'bo' });
  expect(await stored('wr-ab')).toMatchObject([{ run: { run_by: 'bo', run_status: 'Completed' } }]);
});

test('two importers that know the same runs leave each once', async () => {
  const ids = Array.from({ length: 20 }, (_, nth) => `wr-both-${nth}`);
  const put = (source: keyof typeof TOLD) =>
    fixture.metadata.importRuns({
      source: 'test',
      runs: ids.map((workflowRunId) => ({ ...TOLD[source], workflowRunId })),
      quarantined: [],
    });
  await Promise.all([put('jobRun'), put('workflow_run_stats'), put('jobRun')]);
  expect(
    await fixture.query(
      `select run_status, run_by, count(*)::int from floe.legacy_run where workflow_run_id like 'wr-both-%' group by 1, 2`,
    ),
  ).toEqual([{ run_status: 'Completed', run_by: 'ada', count: 20 }]);
});
