import { randomUUID } from 'node:crypto';
import { openControlDatabase, type ControlDatabase } from '@floe/database';
import { ListArtifactsRequest } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let metadata: ControlDatabase;
beforeAll(async () => {
  fixture = await startFixture();
  const { databaseUrl: url } = fixture;
  const role = 'floe_metadata';
  metadata = openControlDatabase({ url, role, applicationName: 'test', connectionsMax: 2 });
});
afterAll(async () => {
  await metadata.close();
  await fixture.stop();
});

async function storeArtifact(
  runId: string,
  name: string,
  told: object = { name },
): Promise<string> {
  const artifact_id = randomUUID();
  const content = Buffer.from(JSON.stringify(told));
  const rest = {
    task_id: 'a',
    epoch: 1,
    kind: 'preview',
    title: name,
    media_type: 'application/json',
  };
  await metadata.db
    .insertInto('artifact')
    .values({ artifact_id, run_id: runId, name, content, ...rest })
    .execute();
  return artifact_id;
}

test('pages show every artifact of a run once, without its content', async () => {
  const runId = await storeRun(fixture.db);
  const ids = await Promise.all(['one', 'two', 'three'].map((name) => storeArtifact(runId, name)));
  const first = await fixture.client.listArtifacts(
    ListArtifactsRequest.create({ runId, pageSize: 2 }),
  );
  const pageToken = first.nextPageToken;
  const second = await fixture.client.listArtifacts(
    ListArtifactsRequest.create({ runId, pageSize: 3, pageToken }),
  );
  const seen = [...first.artifacts, ...second.artifacts].map(({ artifactId }) => artifactId);
  expect(seen).toEqual([`${runId}.summary`, `${runId}.trend`, ...ids.toSorted()]);
  expect(second.nextPageToken).toBe('');
});

test('those of one task alone are found among all, and counted in pages', async () => {
  const runId = await storeRun(fixture.db);
  const ids = await Promise.all(['one', 'two'].map((name) => storeArtifact(runId, name)));
  const ask = (taskId: string, pageToken = '') =>
    fixture.client.listArtifacts(
      ListArtifactsRequest.create({ runId, taskId, pageSize: 1, pageToken }),
    );
  const all = await fixture.client.listArtifacts(ListArtifactsRequest.create({ runId }));
  const { taskId } = all.artifacts.find(({ artifactId }) => artifactId === ids[0])!;
  const first = await ask(taskId);
  const second = await ask(taskId, first.nextPageToken);
  const found = [...first.artifacts, ...second.artifacts].map(({ artifactId }) => artifactId);
  expect(found).toEqual(ids.toSorted());
  expect(await ask('nobody')).toEqual({ artifacts: [], nextPageToken: '' });
});

test('an artifact comes with its content', async () => {
  const artifactId = await storeArtifact(await storeRun(fixture.db), 'one');
  const { artifact, content } = await fixture.client.getArtifact({ artifactId });
  expect(artifact).toMatchObject({
    artifactId,
    taskId: 'a',
    kind: 'preview',
    mediaType: 'application/json',
  });
  expect(JSON.parse(Buffer.from(content).toString())).toEqual({ name: 'one' });
});

test('previews of the parts of a dataset are one preview of all of it', async () => {
  const runId = await storeRun(fixture.db);
  const part = (n: number) => ({
    rows: 2,
    profiledRows: 2,
    preview: [[n], [null]],
    columns: [
      { name: 'n', type: { kind: 'int64' }, masked: false, nulls: 1, min: n, max: n, mean: n },
    ],
  });
  const ids = [
    await storeArtifact(runId, 'preview of partition 11 of 11', part(30)),
    await storeArtifact(runId, 'preview of partition 2 of 11', part(20)),
    await storeArtifact(runId, 'preview of partition 1 of 11', part(10)),
  ];
  const other = await storeArtifact(runId, 'preview');
  const { artifacts } = await fixture.client.listArtifacts(ListArtifactsRequest.create({ runId }));
  const [least] = ids.toSorted();
  const shown = artifacts.flatMap(({ kind, artifactId }) => (kind === 'preview' ? artifactId : []));
  expect(shown).toEqual([least!, other].toSorted());
  const { content } = await fixture.client.getArtifact({ artifactId: least! });
  expect(JSON.parse(Buffer.from(content).toString())).toMatchObject({
    rows: 6,
    preview: [[10], [null], [20], [null], [30], [null]],
    columns: [{ name: 'n', nulls: 3, min: 10, max: 30, mean: 20 }],
    parts: { shown: 3, of: 11 },
  });
});

test.each([randomUUID(), 'nonsense', ''])('there is no artifact %j', async (artifactId) => {
  await expect(fixture.client.getArtifact({ artifactId })).rejects.toMatchObject({
    code: 'ARTIFACT_NOT_FOUND',
  });
});

const AT = Date.now() - 60_000;

function storeEnded(rows: number): Promise<string> {
  const failure = {
    code: 'QUERY_FAILED',
    message: 'no <table> `a|b`\nhere',
    taskId: 'store',
    hint: 'make it',
  };
  const times = { readyAt: AT, startedAt: AT + 10, endedAt: AT + rows };
  return storeRun(fixture.db, {
    workflowName: 'plotted',
    state: 'failed',
    createdAt: AT + rows,
    endedAt: AT + 3 * rows,
    failure,
    tasks: [
      { taskId: 'flights', type: 'postgres_extract', state: 'succeeded', rows, ...times },
      { taskId: 'store', type: 'postgres_load', state: 'failed', rows, failure, ...times },
    ],
  });
}

async function contentOf(artifactId: string): Promise<string> {
  return Buffer.from((await fixture.client.getArtifact({ artifactId })).content).toString();
}

test.each([1, 2, 3])(
  'pages of %i show what is made on demand and what is stored',
  async (pageSize) => {
    const runId = await storeEnded(1_000);
    const stored = await storeArtifact(runId, 'one');
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await fixture.client.listArtifacts(
        ListArtifactsRequest.create({ runId, pageSize, pageToken }),
      );
      seen.push(...page.artifacts.map(({ artifactId }) => artifactId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    const made = ['summary', 'trend', 'task-0', 'task-1'].map((what) => `${runId}.${what}`);
    expect(seen).toEqual([...made, stored]);
  },
);

test('the summaries say what was done, and text of users is no markup in them', async () => {
  const runId = await storeEnded(1_000);
  const summary = await contentOf(`${runId}.summary`);
  expect(summary).toContain('# plotted: failed');
  expect(summary).toContain('| Took | 2.0 s |');
  expect(summary).toContain(String.raw`**QUERY\_FAILED** in store: no &lt;table\> \`a\|b\` here`);
  expect(summary).toContain(String.raw`| flights | postgres\_extract | succeeded | 1,000 |`);
  expect(await contentOf(`${runId}.task-1`)).toContain('# store: failed');
});

test('the plot has a bar for each run up to this one', async () => {
  await fixture.db.deleteFrom('run').where('workflow_name', '=', 'plotted').execute();
  await storeEnded(1_000);
  const runId = await storeEnded(4_000);
  await storeEnded(8_000);
  const plot = await contentOf(`${runId}.trend`);
  expect(plot.match(/<rect /g)).toHaveLength(2);
  expect(plot).toContain('>8.00 s<');
  expect(plot).toContain('>4,000 rows<');
});

test.each(['summary', 'task-99', 'trend.'])(
  'there is no %s of a run or task that is not',
  async (what) => {
    const runId =
      what === 'summary' ? '01890a5d-ac96-774b-bcce-b302099a8057' : await storeRun(fixture.db);
    const asked = fixture.client.getArtifact({ artifactId: `${runId}.${what}` });
    await expect(asked).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  },
);
