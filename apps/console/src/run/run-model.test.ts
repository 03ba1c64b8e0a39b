import { describe, expect, test } from 'vitest';
import { someRun, someTask } from './fixtures.ts';
import { withUpdates } from './run-model.ts';
import type { RunModel } from './run-model.ts';
import type { RunUpdate } from '@floe/client';

const model: RunModel = {
  run: someRun('RUN_STATE_RUNNING', '4'),
  tasks: [someTask('extract', 'TASK_STATE_RUNNING'), someTask('load', 'TASK_STATE_PENDING')],
  sequence: '4',
};

const succeeded = (sequence: string): RunUpdate => ({
  kind: 'event',
  sequence,
  event: {
    type: 'task.succeeded',
    run: someRun('RUN_STATE_RUNNING', sequence),
    taskRun: someTask('extract', 'TASK_STATE_SUCCEEDED'),
  },
});

describe('withUpdates, of events', () => {
  test('replaces the task that changed and leaves the others as they are (2, 3)', () => {
    const next = withUpdates(model, [succeeded('5')]);
    expect(next.tasks.map(({ state }) => state)).toEqual([
      'TASK_STATE_SUCCEEDED',
      'TASK_STATE_PENDING',
    ]);
    expect(next.tasks[1]).toBe(model.tasks[1]);
    expect(next.sequence).toBe('5');
  });

  test('takes no event twice (1)', () => {
    expect(withUpdates(model, [succeeded('4')])).toBe(model);
  });

  test('compares sequences as numbers, not as text (1)', () => {
    const later = withUpdates({ ...model, sequence: '9' }, [succeeded('10')]);
    expect(later.sequence).toBe('10');
  });

  test('adds a task that it did not know at the end (2)', () => {
    const event = { type: 'task.ready', taskRun: someTask('mapped', 'TASK_STATE_READY') };
    const next = withUpdates(model, [{ kind: 'event', sequence: '5', event }]);
    expect(next.tasks.map(({ taskId }) => taskId)).toEqual(['extract', 'load', 'mapped']);
    expect(next.run).toBe(model.run);
  });
});

describe('withUpdates, of progress', () => {
  test('shows how far a running task is', () => {
    const next = withUpdates(model, [
      { kind: 'progress', progress: { taskId: 'extract', rows: '42', bytes: '7' } },
    ]);
    expect(next.tasks[0]).toMatchObject({ rows: '42', bytes: '7' });
  });

  test('leaves out progress of a task that does not run', () => {
    expect(
      withUpdates(model, [
        { kind: 'progress', progress: { taskId: 'load', rows: '42', bytes: '7' } },
      ]),
    ).toBe(model);
    expect(
      withUpdates(model, [
        { kind: 'progress', progress: { taskId: 'unknown', rows: '42', bytes: '7' } },
      ]),
    ).toBe(model);
  });
});

test('takes what came together in its order', () => {
  const progress = { taskId: 'extract', rows: '42', bytes: '7' };
  const late = withUpdates(model, [succeeded('5'), { kind: 'progress', progress }]);
  expect(late.tasks[0]).toMatchObject({ state: 'TASK_STATE_SUCCEEDED', rows: '0' });
  expect(withUpdates(model, [])).toBe(model);
});
