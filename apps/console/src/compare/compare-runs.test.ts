import { expect, test } from 'vitest';
import type { RunReport, TaskReport } from '@floe/client';
import { compareTasks, differingParameters } from './compare-runs.ts';

test('tells only parameters that differ, also by being there', () => {
  const a = { since: '2001-01-01', minutes: 15, gone: true };
  const b = { since: '2001-01-01', minutes: 30, fresh: { x: 1 } };
  expect(differingParameters(a, b)).toEqual([
    { name: 'minutes', a: '15', b: '30' },
    { name: 'gone', a: 'true', b: '' },
    { name: 'fresh', a: '', b: '{"x":1}' },
  ]);
  expect(differingParameters(undefined, {})).toEqual([]);
});

function reportOf(tasks: Readonly<Record<string, string>>): RunReport {
  const all = Object.entries(tasks).map(([taskId, runMs]) => ({ taskId, runMs }) as TaskReport);
  return { tasks: all } as unknown as RunReport;
}

test('lays the tasks of two runs side by side, those of one alone too', () => {
  const rows = compareTasks(
    reportOf({ load: '100', old: '5' }),
    reportOf({ more: '7', load: '160' }),
  );
  expect(rows.map(({ taskId, changeMs }) => [taskId, changeMs])).toEqual([
    ['more', 0],
    ['load', 60],
    ['old', 0],
  ]);
});
