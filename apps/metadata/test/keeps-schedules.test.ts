// Definitions of schedules: what an apply changes, and what it must leave as people set it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ApplyWorkflowRequest,
  DstGap,
  ListSchedulesRequest,
  OverlapPolicy,
  PreviewScheduleRequest,
} from '@floe/rpc/contracts';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

async function apply(name: string, schedules: string): Promise<void> {
  const source = `name: ${name}\nparams: { day: { type: date, required: false } }\ntasks:\n  a: { type: noop }\n${schedules}`;
  await fixture.metadata.applyWorkflow(ApplyWorkflowRequest.create({ source }));
}

async function list(workflowName: string) {
  const request = ListSchedulesRequest.create({ workflowName });
  return (await fixture.metadata.listSchedules(request)).schedules;
}

async function revisions(workflow: string) {
  return fixture.query(
    `select schedule_id, revision::int, is_paused, is_deleted from floe.schedule where workflow_name = '${workflow}' order by 1`,
  );
}

test('an apply stores what the document says', async () => {
  await apply(
    'sales',
    `schedules:
  - name: morning
    cron: "30 2 * * *"
    timezone: Europe/Oslo
    catchup: 1d
    jitter: 60s
    parameters: { day: "\${{ slot.date }}" }
  - every: 15m
    overlap: allow
`,
  );
  const [morning, second] = await list('sales');
  expect(morning).toMatchObject({
    scheduleId: 'sales.morning',
    cron: '30 2 * * *',
    timezone: 'Europe/Oslo',
    overlap: OverlapPolicy.SKIP,
    catchupSeconds: 86_400n,
    jitterSeconds: 60n,
    dstGap: DstGap.RUN_AFTER,
    paused: false,
    parameters: { day: '${{ slot.date }}' },
  });
  expect(morning!.nextFireTime!.getTime()).toBeGreaterThan(Date.now());
  expect(second).toMatchObject({
    scheduleId: 'sales.schedule-2',
    intervalSeconds: 900n,
    overlap: OverlapPolicy.ALLOW,
    dstGap: DstGap.UNSPECIFIED,
  });
});

test('a pause survives an apply, unless the document says something new about it', async () => {
  await apply('pausing', 'schedules:\n  - { name: a, every: 1h }\n');
  const scheduleId = 'pausing.a';
  await fixture.metadata.pauseSchedule({ scheduleId });
  await fixture.metadata.pauseSchedule({ scheduleId });
  await apply('pausing', 'schedules:\n  - { name: a, every: 2h }\n');
  const [paused] = await list('pausing');
  expect(paused).toMatchObject({ paused: true, intervalSeconds: 7_200n });
  expect(paused!.nextFireTime).toBeUndefined();
  await apply('pausing', 'schedules:\n  - { name: a, every: 2h, paused: true }\n');
  await apply('pausing', 'schedules:\n  - { name: a, every: 2h, paused: false }\n');
  expect((await list('pausing'))[0]).toMatchObject({ paused: false });
  const resumed = await fixture.metadata.resumeSchedule({ scheduleId });
  expect(resumed.schedule).toMatchObject({ paused: false });
});

test('the same again changes nothing; what left the document is gone, and comes back anew', async () => {
  const both = 'schedules:\n  - { name: a, every: 1h }\n  - { name: b, every: 1h }\n';
  await apply('editing', both);
  await apply('editing', `# another comment\n${both}`);
  expect((await revisions('editing')).map((row) => row['revision'])).toEqual([1, 1]);
  await fixture.metadata.pauseSchedule({ scheduleId: 'editing.b' });
  await apply('editing', 'schedules:\n  - { name: a, every: 1h }\n');
  expect((await list('editing')).map((one) => one.scheduleId)).toEqual(['editing.a']);
  await apply('editing', both);
  expect((await list('editing')).map((one) => one.paused)).toEqual([false, false]);
});

test('deleting a workflow takes its schedules with it; applying it again brings them back', async () => {
  await apply('fleeting', 'schedules:\n  - { name: a, every: 1h }\n');
  await fixture.metadata.deleteWorkflow({ name: 'fleeting' });
  expect(await revisions('fleeting')).toMatchObject([{ is_deleted: true, revision: 2 }]);
  await expect(list('fleeting')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
  await apply('fleeting', 'schedules:\n  - { name: a, every: 1h }\n');
  expect(await list('fleeting')).toHaveLength(1);
});

test('a preview walks over the change of the clock', async () => {
  const request = PreviewScheduleRequest.create({
    scheduleId: 'sales.morning',
    fromTime: new Date('2027-03-27T00:00:00Z'),
    count: 3,
  });
  const { slotTimes, tzdataVersion } = await fixture.metadata.previewSchedule(request);
  expect(slotTimes.map((slot) => slot.toISOString().slice(0, 16))).toEqual([
    '2027-03-27T01:30',
    '2027-03-28T01:00',
    '2027-03-29T00:30',
  ]);
  expect(tzdataVersion).toBe(process.versions.tz);
  const tooMany = { ...request, count: 1_001 };
  await expect(fixture.metadata.previewSchedule(tooMany)).rejects.toThrow('from 1 to 1000');
});

test('pages, and ids that are none', async () => {
  const first = await fixture.metadata.listSchedules(ListSchedulesRequest.create({ pageSize: 2 }));
  expect(first.schedules).toHaveLength(2);
  const next = ListSchedulesRequest.create({ pageSize: 500, pageToken: first.nextPageToken });
  const rest = await fixture.metadata.listSchedules(next);
  const all = [...first.schedules, ...rest.schedules].map((one) => one.scheduleId);
  expect(all).toEqual(all.toSorted());
  await expect(fixture.metadata.getSchedule({ scheduleId: 'sales.mornin' })).rejects.toMatchObject({
    code: 'SCHEDULE_NOT_FOUND',
    hint: 'Did you mean sales.morning?',
  });
  const hostile = 'a\u0000b';
  await expect(fixture.metadata.pauseSchedule({ scheduleId: hostile })).rejects.toMatchObject({
    code: 'SCHEDULE_NOT_FOUND',
  });
});
