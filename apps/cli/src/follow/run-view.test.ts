import type { Run, TaskRun } from '@floe/client';
import { expect, test } from 'vitest';
import { chooseTasks } from './task-rows.ts';
import { applyUpdate, elapsedMs, endedTasks, viewRun } from './run-view.ts';

const run: Run = {
  runId: 'r',
  workflowName: 'w',
  workflowVersion: 1,
  state: 'RUN_STATE_RUNNING',
  trigger: 'TRIGGER_KIND_MANUAL',
  rowsLoaded: '0',
  traceId: '',
  traceUrl: '',
  sequence: '1',
  generation: 1,
  retryOfRunId: '',
  parentRunId: '',
};

function aTask(taskId: string, state: TaskRun['state']): TaskRun {
  return {
    runId: 'r',
    taskId,
    type: 'noop',
    state,
    upstreamTaskIds: [],
    attemptCount: 1,
    recomputeCount: 0,
    cachedFromRunId: '',
    rows: '0',
    bytes: '0',
    peakMemoryBytes: '0',
    attempts: [],
    rowsUncounted: false,
  };
}

const running = viewRun(run, [aTask('a', 'TASK_STATE_RUNNING'), aTask('b', 'TASK_STATE_PENDING')]);

test('takes rows and bytes from the progress of a task that runs', () => {
  const progress = { taskId: 'a', rows: '7', bytes: '70' };
  const view = applyUpdate(running, { kind: 'progress', progress });
  expect(view.tasks.get('a')).toMatchObject({ rows: '7', bytes: '70' });
});

test('ignores progress that comes after the end of the task', () => {
  const ended = viewRun(run, [aTask('a', 'TASK_STATE_SUCCEEDED')]);
  const progress = { taskId: 'a', rows: '7', bytes: '70' };
  expect(applyUpdate(ended, { kind: 'progress', progress })).toBe(ended);
});

test('keeps the order of the tasks when one changes', () => {
  const event = { type: 'task.succeeded', run, taskRun: aTask('a', 'TASK_STATE_SUCCEEDED') };
  const view = applyUpdate(running, { kind: 'event', sequence: '2', event });
  expect([...view.tasks.keys()]).toEqual(['a', 'b']);
  expect(view.tasks.get('a')?.state).toBe('TASK_STATE_SUCCEEDED');
});

test('shows what failed and runs first when not all tasks fit', () => {
  const view = viewRun(run, [
    aTask('done', 'TASK_STATE_SUCCEEDED'),
    aTask('runs', 'TASK_STATE_RUNNING'),
    aTask('bad', 'TASK_STATE_FAILED'),
  ]);
  expect(chooseTasks(view, 2).map((task) => task.taskId)).toEqual(['bad', 'runs']);
});

test('counts the time of a task that has not ended up to now', () => {
  const startTime = '2026-01-01T00:00:00Z';
  expect(elapsedMs({ startTime }, Date.parse('2026-01-01T00:00:03Z'))).toBe(3_000);
  expect(elapsedMs({ startTime, endTime: '2026-01-01T00:00:01Z' }, Infinity)).toBe(1_000);
  expect(elapsedMs({}, 0)).toBeUndefined();
});

test('counts the tasks that have ended', () => {
  expect(
    endedTasks(viewRun(run, [aTask('a', 'TASK_STATE_SKIPPED'), aTask('b', 'TASK_STATE_READY')])),
  ).toBe(1);
});
