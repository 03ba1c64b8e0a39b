import { expect, test } from 'vitest';
import { compilePlan, type PlanSource } from './compile-plan.ts';

const task = (id: string, inputs: string[] = [], needs: string[] = []) => ({ id, inputs, needs });

// The last one stands first in the document: its place there and its place in the order differ.
const DIAMOND: PlanSource = {
  tasks: [
    task('store', ['left', 'right'], ['left', 'start']),
    task('start'),
    task('right', ['start']),
    task('left', ['start']),
    task('alone'),
  ],
};

test('keeps the order of the document for positions and links tasks both ways', () => {
  const { tasks } = compilePlan(DIAMOND);
  expect(tasks.map((each) => each.id)).toEqual(['store', 'start', 'right', 'left', 'alone']);
  expect(tasks[0]!.upstream).toEqual([3, 2, 1]);
  expect(tasks[1]!.downstream).toEqual([0, 2, 3]);
  expect(tasks.map((each) => each.level)).toEqual([2, 0, 1, 1, 0]);
});

test('orders every task after those that it waits for, the document deciding among equals', () => {
  const plan = compilePlan(DIAMOND);
  expect(plan.order).toEqual([1, 4, 2, 3, 0]);
  expect(plan.levels).toEqual([[1, 4], [2, 3], [0]]);
  expect(compilePlan(DIAMOND)).toEqual(plan);
});

test('a chain of 10,000 tasks takes less than 100 ms', () => {
  const tasks = Array.from({ length: 10_000 }, (_, i) =>
    task(`t${i}`, i === 0 ? [] : [`t${i - 1}`]),
  );
  const timesMs = Array.from({ length: 10 }, () => {
    const startedAt = performance.now();
    expect(compilePlan({ tasks }).levels).toHaveLength(10_000);
    return performance.now() - startedAt;
  });
  // The best of ten: the others measure what else runs on the machine.
  expect(Math.min(...timesMs)).toBeLessThan(100);
});

test('a workflow that was not validated is a bug, not an endless loop', () => {
  expect(() => compilePlan({ tasks: [task('a', ['b']), task('b', ['a'])] })).toThrow(
    'the workflow has a cycle',
  );
  expect(() => compilePlan({ tasks: [task('a', ['b'])] })).toThrow('refers to b');
});
