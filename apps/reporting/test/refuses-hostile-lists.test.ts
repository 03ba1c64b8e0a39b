/** What people send to lists and mean no good by, or made up themselves: a clear answer, and never an error of Floe. */
import { FloeError } from '@floe/errors';
import {
  GetRunReportRequest,
  GetRunRequest,
  ListArtifactsRequest,
  ListRunsRequest,
  ListTaskRunsRequest,
  RunState,
} from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let token: string;

beforeAll(async () => {
  fixture = await startFixture();
  for (let count = 0; count < 3; count += 1) await storeRun(fixture.db);
  const { nextPageToken } = await list({ pageSize: 1 });
  token = nextPageToken;
});

afterAll(() => fixture.stop());

function list(fields: Parameters<typeof ListRunsRequest.create>[0]) {
  return fixture.client.listRuns(ListRunsRequest.create(fields));
}

function tokenOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const digest = 'AAAAAAAAAAAAAAAA';

test.each([
  ['no base64', '!!!'],
  ['no JSON', Buffer.from('run').toString('base64url')],
  ['another list', tokenOf([digest, '01890a5d-ac96-774b-bcce-b302099a8057'])],
  ['SQL as a key', tokenOf([digest, "' or true --"])],
  ['an object', tokenOf({ 0: digest, length: 2 })],
  ['a million characters', 'A'.repeat(1_000_000)],
  ['a NUL', '\0'],
])('a page token that is %s is refused as such', async (_, pageToken) => {
  await expect(list({ pageToken })).rejects.toMatchObject({
    code: 'PAGE_TOKEN_INVALID',
  });
});

test('a good token of other filters is refused, and so is a shortened one', async () => {
  for (const request of [
    { pageToken: token, workflowName: 'x' },
    { pageToken: token.slice(0, -3) },
  ])
    await expect(list(request)).rejects.toMatchObject({
      code: 'PAGE_TOKEN_INVALID',
    });
});

test.each<[string, Parameters<typeof ListRunsRequest.create>[0]]>([
  ['SQL', { workflowName: "'; drop table floe.run; --" }],
  ['a NUL in a name', { workflowName: 'a\0b' }],
  ['a NUL in a group', { groupId: '\0' }],
  ['a NUL in an annotation', { annotations: { a: '\0' } }],
  ['a pattern', { workflowName: '%' }],
  ['a long name', { workflowName: 'x'.repeat(100_000) }],
  ['a time before all', { fromTime: new Date('0001-01-01T00:00:00Z') }],
  ['a time after all', { toTime: new Date('9999-12-31T23:59:59.999Z') }],
  ['times that are the wrong way round', { fromTime: new Date(9e12), toTime: new Date(0) }],
  ['a state of nobody', { states: [RunState.UNRECOGNIZED] }],
])('%s in a filter finds what fits or is refused, and is no fault of Floe', async (_, request) => {
  const answer = await list(request).catch((error: unknown) => error);
  if (answer instanceof FloeError) expect(answer).toMatchObject({ category: 'invalid' });
  else expect(answer).toHaveProperty('runs');
});

test.each(['', 'x', '../../etc/passwd', "' or 1=1", '\0', '0'.repeat(10_000)])(
  'an id like %j is the id of no run',
  async (runId) => {
    const { client } = fixture;
    const calls = [
      client.getRun(GetRunRequest.create({ runId })),
      client.listTaskRuns(ListTaskRunsRequest.create({ runId })),
      client.listArtifacts(ListArtifactsRequest.create({ runId })),
      client.getRunReport(GetRunReportRequest.create({ runId })),
    ];
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'RUN_NOT_FOUND' } });
  },
);
