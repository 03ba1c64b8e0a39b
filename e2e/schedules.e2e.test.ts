/** Hunts slots that are lost or doubled when the scheduler is killed, through the command line that people use. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backfill } from '@floe/client';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pidOf } from './support/processes.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
});

afterAll(() => floe?.[Symbol.asyncDispose]());

async function json<Answer>(...words: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await floe.floe([...words, '--json']);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Answer;
}

async function apply(name: string, schedule: string): Promise<void> {
  const path = join(floe.stateDir, `${name}.yaml`);
  const text = `name: ${name}
params: { day: { type: date } }
tasks:
  only: { type: noop }
schedules:
  - { name: s, ${schedule}, parameters: { day: "\${{ slot.date }}" } }
`;
  await writeFile(path, text);
  expect(await floe.floe(['apply', '-f', path])).toMatchObject({ code: 0 });
}

test('a schedule fires while the scheduler is killed: every slot has its end, and its run once', async () => {
  await apply('beat', 'every: 1s, overlap: allow, catchup: 1h');
  type Got = { slots: { slotTime: string; state: string; runId: string }[] };
  const slots = async () => (await json<Got>('schedules', 'get', 'beat.s', '--limit', '100')).slots;
  await eventually(async () => (await slots()).length >= 3, { withinMs: 30_000, everyMs: 500 });
  process.kill(await pidOf(floe, 'scheduler'), 'SIGKILL');
  const before = (await floe.client.listRuns({ workflowName: 'beat', pageSize: 500 })).runs.length;
  await eventually(
    async () => {
      const { runs } = await floe.client.listRuns({ workflowName: 'beat', pageSize: 500 });
      return runs.length >= before + 5;
    },
    { withinMs: 30_000, everyMs: 500 },
  );
  expect(await floe.floe(['schedules', 'pause', 'beat.s'])).toMatchObject({ code: 0 });
  const ledger = await eventually(
    async () => {
      const all = await slots();
      return all.every(({ state }) => state !== 'SCHEDULE_SLOT_STATE_PENDING') && all;
    },
    { withinMs: 20_000, everyMs: 500 },
  );
  const times = ledger.map(({ slotTime }) => Date.parse(slotTime)).toSorted((a, b) => a - b);
  expect(times.at(-1)! - times[0]!).toBe((times.length - 1) * 1_000);
  const fired = ledger.filter(({ runId }) => runId !== '');
  expect(new Set(fired.map(({ runId }) => runId)).size).toBe(fired.length);
  const { runs } = await floe.client.listRuns({ workflowName: 'beat', pageSize: 500 });
  expect(runs).toHaveLength(fired.length);
}, 120_000);

test('a backfill outlives the scheduler, and ends with every slot run once', async () => {
  await apply('past', 'cron: "30 2 * * *", timezone: Europe/Oslo, paused: true');
  const range = ['--from', '2026-01-01', '--to', '2026-05-01'];
  const words = ['backfill', 'start', 'past', ...range, '--max-active', '5'];
  const started = await json<Backfill>(...words, '--detach', '--request-id', 'spring');
  expect(started.totalSlots).toBe(120);
  await eventually(
    async () => (await floe.client.getBackfill(started.backfillId)).succeededSlots > 10,
    { withinMs: 30_000 },
  );
  process.kill(await pidOf(floe, 'scheduler'), 'SIGKILL');
  const ended = await json<Backfill>('backfill', 'watch', started.backfillId);
  expect(ended).toMatchObject({ state: 'BACKFILL_STATE_SUCCEEDED', succeededSlots: 120 });
  const { runs } = await floe.client.listRuns({ workflowName: 'past', pageSize: 500 });
  expect(runs).toHaveLength(120);
  expect(new Set(runs.map((run) => JSON.stringify(run.parameters))).size).toBe(120);
  const again = await json<Backfill>(...words, '--detach', '--request-id', 'spring');
  expect(again.backfillId).toBe(started.backfillId);
}, 120_000);

test('says when a schedule is due, over a change of the clock, and what is wrong', async () => {
  type Preview = { slotTimes: string[] };
  const from = ['--from', '2026-03-28T00:00:00Z', '--count', '3'];
  const { slotTimes } = await json<Preview>('schedules', 'next', 'past.s', ...from);
  expect(slotTimes).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
  const unknown = await floe.floe(['schedules', 'get', 'past.x']);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/SCHEDULE_NOT_FOUND[^]*Did you mean past\.s\?/);
  const day = await floe.floe(['backfill', 'start', 'past', '--from', 'May', '--to', '2026-05-02']);
  expect(day.code).toBe(2);
  expect(day.stderr).toContain('--from "May" is no day or instant');
});
