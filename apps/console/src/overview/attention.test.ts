import { describe, expect, test } from 'vitest';
import type { Run, RunState, Schedule } from '@floe/client';
import { someTask } from '../run/fixtures.ts';
import { isOpenApproval, lateSchedules, openFailures, waitingTasks } from './attention.ts';

function runOf(workflowName: string, state: RunState, runId: string): Run {
  return { workflowName, state, runId } as Run;
}

describe('openFailures', () => {
  test('tells the newest failure of a workflow, and how many there were since it was good', () => {
    const runs = [
      runOf('a', 'RUN_STATE_FAILED', 'a3'),
      runOf('a', 'RUN_STATE_TIMED_OUT', 'a2'),
      runOf('a', 'RUN_STATE_SUCCEEDED', 'a1'),
      runOf('a', 'RUN_STATE_FAILED', 'a0'),
    ];
    expect(openFailures(runs)).toEqual([{ kind: 'failed', run: runs[0], sinceThen: 2 }]);
  });

  test('leaves out what a later run has made up for (1)', () => {
    const runs = [runOf('a', 'RUN_STATE_SUCCEEDED', 'a2'), runOf('a', 'RUN_STATE_FAILED', 'a1')];
    expect(openFailures(runs)).toEqual([]);
  });

  test('keeps workflows apart, and takes a run that goes on for no answer', () => {
    const runs = [
      runOf('b', 'RUN_STATE_SUCCEEDED', 'b1'),
      runOf('a', 'RUN_STATE_RUNNING', 'a2'),
      runOf('a', 'RUN_STATE_FAILED', 'a1'),
    ];
    expect(openFailures(runs)).toMatchObject([{ run: { runId: 'a1' } }]);
  });
});

describe('waitingTasks', () => {
  test('tells tasks that nobody can take, and approvals that nobody has answered', () => {
    const stuck = { ...someTask('gpu', 'TASK_STATE_READY'), waitingReason: 'no executor' };
    const ask = { ...someTask('ask', 'TASK_STATE_RUNNING'), type: 'approval' };
    const tasks = [stuck, ask, someTask('fine', 'TASK_STATE_READY')];
    const found = waitingTasks(tasks.map((task) => ({ task, workflowName: 'etl' })));
    expect(found).toEqual([
      { kind: 'waiting', task: stuck, workflowName: 'etl', reason: 'no executor' },
      { kind: 'approval', task: ask, workflowName: 'etl' },
    ]);
  });

  test('asks for no answer twice, and for none when the task has ended', () => {
    const ask = { ...someTask('ask', 'TASK_STATE_RUNNING'), type: 'approval' };
    const answer = { approved: true, approver: 'me', comment: '' };
    expect(isOpenApproval({ ...ask, answer })).toBe(false);
    expect(isOpenApproval({ ...ask, state: 'TASK_STATE_CANCELLED' })).toBe(false);
  });
});

test('a schedule is late a minute after its instant, and never while it is paused (2)', () => {
  const at = '2026-01-01T00:00:00Z';
  const schedule = { scheduleId: 's', paused: false, nextFireTime: at } as Schedule;
  const after = (ms: number) => lateSchedules([schedule], Date.parse(at) + ms);
  expect(after(60_000)).toEqual([]);
  expect(after(60_001)).toEqual([{ kind: 'late', schedule, lateMs: 60_001 }]);
  expect(lateSchedules([{ ...schedule, paused: true }], Date.parse(at) + 1e9)).toEqual([]);
});
