import { expect, test } from 'vitest';
import {
  readPrefectDeployment,
  readPrefectRun,
  readPrefectSchedule,
  type Json,
  type JsonRecord,
} from '../src/index.ts';
import { sha256 } from './documents.ts';

test.each([
  [
    { cron: '0 6 * * *', timezone: 'Europe/Oslo', day_or: true },
    { cron: '0 6 * * *', timezone: 'Europe/Oslo' },
  ],
  [{ cron: '@daily' }, { cron: '0 0 * * *', timezone: 'UTC' }],
  [
    { interval: 900, anchor_date: '2024-01-01T00:00:00Z' },
    { every: '900s', timezone: 'UTC' },
  ],
  [
    { interval: 86_400, anchor_date: '2024-01-01T05:30:00Z', timezone: 'Europe/Oslo' },
    { cron: '30 6 * * *', timezone: 'Europe/Oslo' },
  ],
  [
    { interval: 604_800, anchor_date: '2024-01-01T05:30:00Z', timezone: 'UTC' },
    { cron: '30 5 * * 1', timezone: 'UTC' },
  ],
  [
    { rrule: 'FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=7;BYMINUTE=30', timezone: 'Europe/Oslo' },
    { cron: '30 7 * * 1,3', timezone: 'Europe/Oslo' },
  ],
  [{ rrule: 'DTSTART:20240101T061500\nRRULE:FREQ=DAILY' }, { cron: '15 6 * * *', timezone: 'UTC' }],
  [{ rrule: 'FREQ=HOURLY;BYMINUTE=10' }, { cron: '10 * * * *', timezone: 'UTC' }],
])('the schedule %j is %j', (schedule, fields) => {
  expect(readPrefectSchedule(schedule)).toMatchObject({ kind: 'schedule', fields });
});

test.each([
  [{ cron: '0 6 1 * 1', day_or: false }, /both hold/],
  [{ interval: 0.5 }, /no whole seconds/],
  [{ rrule: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=7;BYMINUTE=0' }, /weekdays within a month/],
  [{ rrule: 'FREQ=DAILY;INTERVAL=2;BYHOUR=7;BYMINUTE=0' }, /leaves times out/],
  [{ rrule: 'FREQ=DAILY;COUNT=3' }, /COUNT of its rule/],
  [{ rrule: 'FREQ=WEEKLY;BYHOUR=7;BYMINUTE=0' }, /not in the rule/],
  [{}, /neither cron, interval nor rrule/],
  [null, /no object/],
])('the schedule %j is refused in words', (schedule, reason) => {
  expect(readPrefectSchedule(schedule as Json)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(reason),
  });
});

test('an interval that was counted from elsewhere is told', () => {
  const schedule = { interval: 900, anchor_date: '2024-01-01T00:05:00Z' };
  expect(readPrefectSchedule(schedule)).toMatchObject({
    note: expect.stringContaining('300 s from'),
  });
});

const TASKS: readonly JsonRecord[] = [
  { id: 't1', name: 'extract-0', state_type: 'COMPLETED', task_inputs: {} },
  {
    id: 't2',
    name: 'total-1a',
    state_type: 'FAILED',
    state: { message: 'no luck' },
    task_inputs: {
      rows: [{ input_type: 'task_run', id: 't1' }],
      n: [{ input_type: 'constant', type: 'int' }],
    },
  },
];

test('a deployment keeps its parameters, its schedules and the order of its tasks', () => {
  const deployment = {
    id: 'd-1',
    name: 'every_day',
    entrypoint: 'flow.py:nightly',
    parameters: { n: 4, region: 'bergen', odd: [1] },
    schedules: [{ active: true, schedule: { cron: '0 6 * * *', timezone: 'Europe/Oslo' } }],
    work_pool_name: 'local',
  };
  const read = readPrefectDeployment({ deployment, flowName: 'sums', taskRuns: TASKS }, sha256);
  expect(read.name).toBe('sums-every_day');
  expect(read.source).toContain('needs:\n      - extract');
  expect(read.source).toContain('paused: true');
  expect(read.source).toContain('default: bergen');
  expect(read.notes).toEqual([
    'the parameter odd is not mapped',
    'work_pool_name is not mapped: "local"',
  ]);
});

test('a run keeps its state, its parameters and its tasks; one that never began is none', () => {
  const run = {
    id: 'r-1',
    name: 'happy-cat',
    flow_id: 'f-1',
    deployment_id: null,
    state_type: 'CRASHED',
    start_time: '2024-05-01T06:00:00Z',
    run_count: 2,
    parameters: { n: 4 },
    tags: ['a'],
  };
  const options = { flowName: 'sums', taskRuns: TASKS };
  expect(readPrefectRun(run, options)).toMatchObject({
    workflowRunId: 'r-1',
    workflowId: 'f-1',
    runStatus: 'Failed',
    retryCount: 1,
    flowParameters: { n: 4 },
    nodes: [{ nodeStatus: 'Completed' }, { nodeStatus: 'Failed', errorMessage: 'no luck' }],
  });
  expect(readPrefectRun({ ...run, start_time: null }, options)).toBeUndefined();
});
