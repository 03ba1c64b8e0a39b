import { expect, test } from 'vitest';
import { someRun, someTask } from './fixtures.ts';
import { NOT_LOADED, changeView } from './run-view.ts';

const model = {
  run: someRun('RUN_STATE_RUNNING', '1'),
  tasks: [someTask('extract', 'TASK_STATE_RUNNING')],
  sequence: '1',
};
const loaded = changeView(NOT_LOADED, { kind: 'loaded', model });

test('a broken connection keeps what is shown and says why', () => {
  const error = new Error('gone');
  const view = changeView(loaded, { kind: 'reconnecting', error });
  expect(view).toMatchObject({ model, connection: 'reconnecting', error });
});

test('the first update after a broken connection makes it live again', () => {
  const broken = changeView(loaded, { kind: 'reconnecting', error: new Error('gone') });
  const progress = { taskId: 'extract', rows: '5', bytes: '1' };
  const view = changeView(broken, { kind: 'updated', updates: [{ kind: 'progress', progress }] });
  expect(view).toMatchObject({ connection: 'live', error: undefined });
  expect(view.model?.tasks[0]?.rows).toBe('5');
});

test('an update that comes before the run was read changes nothing of it', () => {
  const progress = { taskId: 'extract', rows: '5', bytes: '1' };
  const view = changeView(NOT_LOADED, {
    kind: 'updated',
    updates: [{ kind: 'progress', progress }],
  });
  expect(view.model).toBeUndefined();
});
