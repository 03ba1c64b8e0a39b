import { expect, test } from 'vitest';
import { ProgressFilter } from './progress-filter.ts';

const items = null;

test('tells a task again only when it went on', () => {
  const filter = new ProgressFilter();
  expect(filter.changes([{ task_id: 'a', rows: 0, bytes: 0, items }])).toEqual([]);
  const first = filter.changes([{ task_id: 'a', rows: 5, bytes: 50, items }]);
  expect(first).toEqual([{ taskId: 'a', rows: 5n, bytes: 50n }]);
  expect(filter.changes([{ task_id: 'a', rows: 5, bytes: 50, items }])).toEqual([]);
});

test('a task that runs again is told anew', () => {
  const filter = new ProgressFilter();
  filter.changes([{ task_id: 'a', rows: 5, bytes: 50, items }]);
  filter.changes([]);
  expect(filter.changes([{ task_id: 'a', rows: 5, bytes: 50, items }])).toHaveLength(1);
});

test('a task is told again when items of it are done, also such as have no rows', () => {
  const filter = new ProgressFilter();
  const of = (succeeded: number, failed: number) => [
    { task_id: 'a', rows: 0, bytes: 0, items: { total: 9, succeeded, failed } },
  ];
  expect(filter.changes(of(0, 0))).toEqual([]);
  expect(filter.changes(of(2, 1))).toMatchObject([
    { items: { total: 9, succeeded: 2, failed: 1 } },
  ]);
  expect(filter.changes(of(2, 1))).toEqual([]);
});
