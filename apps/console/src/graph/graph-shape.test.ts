import { describe, expect, test } from 'vitest';
import { someTask } from '../run/fixtures.ts';
import { keyOf, shapeOf } from './graph-shape.ts';

const tasks = [
  someTask('extract', 'TASK_STATE_SUCCEEDED'),
  someTask('rank', 'TASK_STATE_RUNNING', ['extract']),
  someTask('store', 'TASK_STATE_PENDING', ['rank', 'gone']),
];

describe('shapeOf', () => {
  test('draws an edge from every task to those that wait for it', () => {
    expect(shapeOf(tasks)).toEqual({
      taskIds: ['extract', 'rank', 'store'],
      edges: [
        { id: 'extract rank', from: 'extract', to: 'rank' },
        { id: 'rank store', from: 'rank', to: 'store' },
      ],
    });
  });
});

describe('keyOf', () => {
  test('stays the same when only states change, so that the graph is laid out once', () => {
    const later = tasks.map((task) => ({ ...task, state: 'TASK_STATE_SUCCEEDED' as const }));
    expect(keyOf(shapeOf(later))).toBe(keyOf(shapeOf(tasks)));
  });

  test('changes with the tasks and with what waits for what', () => {
    const key = keyOf(shapeOf(tasks));
    expect(keyOf(shapeOf(tasks.slice(0, 2)))).not.toBe(key);
    const loose = [...tasks.slice(0, 2), someTask('store', 'TASK_STATE_PENDING')];
    expect(keyOf(shapeOf(loose))).not.toBe(key);
  });
});
