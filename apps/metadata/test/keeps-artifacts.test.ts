import { createRpcClient, type RpcClient } from '@floe/rpc';
import { ArtifactService, type NewArtifact } from '@floe/rpc/internal-contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;
let client: RpcClient<typeof ArtifactService>;

beforeAll(async () => {
  fixture = await startFixture();
  client = createRpcClient(ArtifactService, { addresses: [fixture.address], name: 'metadata' });
});
afterAll(async () => {
  client.close();
  await fixture.stop();
});

function artifact(changes: Partial<NewArtifact> = {}): NewArtifact {
  const content = Buffer.from('# Hello');
  return {
    name: 'summary',
    kind: 'markdown',
    title: 'Summary',
    mediaType: 'text/markdown',
    content,
    ...changes,
  };
}

let runs = 0;

/** The id of a run of years ago. */
function newRunId(): string {
  runs += 1;
  return `01890a5d-ac96-774b-bcce-${String(runs).padStart(12, '0')}`;
}

const stored = (runId: string) =>
  fixture.query(
    `select task_id, name, epoch::int, convert_from(content, 'utf8') as content from floe.artifact
     where run_id = '${runId}' order by name`,
  );

test('an artifact replaces that of an older attempt, and never that of a newer one', async () => {
  const runId = newRunId();
  const put = (epoch: bigint, content: string) =>
    client.putArtifacts({
      runId,
      taskId: 'a',
      epoch,
      artifacts: [artifact({ content: Buffer.from(content) })],
    });
  expect(await put(2n, 'second')).toEqual({ stored: 1 });
  expect(await put(1n, 'first')).toEqual({ stored: 0 });
  expect(await stored(runId)).toEqual([
    { task_id: 'a', name: 'summary', epoch: 2, content: 'second' },
  ]);
  await put(3n, 'third');
  expect(await stored(runId)).toMatchObject([{ epoch: 3, content: 'third' }]);
});

test.each([
  [{ kind: 'script' }, 'kind is none of'],
  [{ content: Buffer.alloc(1_048_577) }, 'bytes; at most'],
  [{ name: 'a\0b' }, 'holds a NUL'],
  [{ title: 'x'.repeat(300) }, 'longer than'],
])('with %j nothing is stored', async (changes, message) => {
  const runId = newRunId();
  const artifacts = [artifact(), artifact({ name: 'other', ...changes })];
  await expect(
    client.putArtifacts({ runId, taskId: 'a', epoch: 1n, artifacts }),
  ).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
    message: expect.stringContaining(message),
  });
  expect(await stored(runId)).toEqual([]);
});

test('an artifact of a run of no time that is kept is refused', async () => {
  const runId = 'ffffffff-ac96-774b-bcce-b302099a8057';
  await expect(
    client.putArtifacts({ runId, taskId: 'a', epoch: 1n, artifacts: [artifact()] }),
  ).rejects.toMatchObject({ code: 'OUTSIDE_HISTORY' });
});
