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

async function storeArtifact(runId: string, name: string): Promise<string> {
  const artifact_id = randomUUID();
  const content = Buffer.from(JSON.stringify({ name }));
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
    ListArtifactsRequest.create({ runId, pageSize: 2, pageToken }),
  );
  const seen = [...first.artifacts, ...second.artifacts].map(({ artifactId }) => artifactId);
  expect(seen).toEqual(ids.toSorted());
  expect(second.nextPageToken).toBe('');
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

test.each([randomUUID(), 'nonsense', ''])('there is no artifact %j', async (artifactId) => {
  await expect(fixture.client.getArtifact({ artifactId })).rejects.toMatchObject({
    code: 'ARTIFACT_NOT_FOUND',
  });
});
