// The routes of schedules and backfills reach their calls with all that was asked, and answer what came back.
import { expect, test } from 'vitest';
import {
  Backfill,
  BackfillState,
  Schedule,
  type StartBackfillRequest,
  type PreviewScheduleRequest,
} from '@floe/rpc/contracts';
import { startFixture } from './gateway-fixture.ts';

test('a schedule is read, previewed and paused by its id, dot and all', async () => {
  const asked: unknown[] = [];
  const schedule = Schedule.create({ scheduleId: 'sales.daily', cron: '@daily', timezone: 'UTC' });
  await using fixture = await startFixture({
    metadata: {
      getSchedule: async (request) => {
        asked.push(request);
        return { schedule };
      },
      pauseSchedule: async (request) => {
        asked.push(request);
        return { schedule: { ...schedule, paused: true } };
      },
      previewSchedule: async (request: PreviewScheduleRequest) => {
        asked.push(request);
        return { schedule, slotTimes: [new Date(0)], tzdataVersion: '2026c' };
      },
    },
  });
  const { client } = fixture;
  expect((await client.getSchedule('sales.daily')).cron).toBe('@daily');
  expect((await client.pauseSchedule('sales.daily')).paused).toBe(true);
  const fromTime = '2026-03-28T00:00:00.000Z';
  const preview = await client.previewSchedule('sales.daily', { fromTime, count: 1 });
  expect(preview.slotTimes).toEqual(['1970-01-01T00:00:00.000Z']);
  expect(asked).toEqual([
    { scheduleId: 'sales.daily' },
    { scheduleId: 'sales.daily' },
    { scheduleId: 'sales.daily', fromTime: new Date(fromTime), count: 1 },
  ]);
});

test('a backfill starts with its range, and always with a request id', async () => {
  const asked: StartBackfillRequest[] = [];
  const backfill = Backfill.create({
    backfillId: 'b',
    state: BackfillState.RUNNING,
    totalSlots: 3,
  });
  await using fixture = await startFixture({
    scheduler: {
      startBackfill: async (request) => {
        asked.push(request);
        return { backfill, alreadyStarted: false };
      },
      cancelBackfill: async () => ({
        backfill: { ...backfill, state: BackfillState.CANCELLING },
      }),
    },
  });
  const { client, url } = fixture;
  const range = { fromTime: '2026-01-01T00:00:00Z', toTime: '2026-02-01T00:00:00Z' };
  const started = await client.startBackfill({ workflowName: 'sales', ...range, maxActive: 4 });
  expect(started.backfill).toMatchObject({ state: 'BACKFILL_STATE_RUNNING', totalSlots: 3 });
  expect(asked[0]).toMatchObject({
    workflowName: 'sales',
    fromTime: new Date(range.fromTime),
    toTime: new Date(range.toTime),
    maxActive: 4,
    onlyMissing: false,
  });
  expect(asked[0]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect((await client.cancelBackfill('b')).state).toBe('BACKFILL_STATE_CANCELLING');
  const bad = await fetch(`${url}/api/v1/backfills`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ workflowName: 'sales', fromTime: 'January', toTime: range.toTime }),
  });
  expect(bad.status).toBe(400);
  expect(await bad.text()).toContain('fromTime');
});
