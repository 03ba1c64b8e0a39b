import { expect, test } from 'vitest';
import { findCriticalPath } from './critical-path.ts';
import type { TimedTask } from './critical-path.ts';

function task(taskId: string, upstreamTaskIds: string[], endMs: number | null): TimedTask {
  return { taskId, upstreamTaskIds, endMs };
}

test('a chain is its own critical path', () => {
  const tasks = [task('a', [], 10), task('b', ['a'], 20), task('c', ['b'], 30)];
  expect(findCriticalPath(tasks)).toEqual(['a', 'b', 'c']);
});

test('the slower branch of a join decides', () => {
  const tasks = [
    task('fast', [], 10),
    task('slow', [], 50),
    task('join', ['fast', 'slow'], 60),
    task('aside', ['fast'], 20),
  ];
  expect(findCriticalPath(tasks)).toEqual(['slow', 'join']);
});

test('a task that has not begun is on no path', () => {
  const tasks = [task('a', [], 10), task('b', ['a'], null)];
  expect(findCriticalPath(tasks)).toEqual(['a']);
});

test('a run in which nothing has begun has no path', () => {
  expect(findCriticalPath([task('a', [], null)])).toEqual([]);
});

test('of two that ended together the first in the workflow is taken', () => {
  const tasks = [task('a', [], 10), task('b', [], 10), task('c', ['b', 'a'], 20)];
  expect(findCriticalPath(tasks)).toEqual(['b', 'c']);
});

test('of a chain that ended in one instant all tasks are on the path', () => {
  const tasks = [task('a', [], 10), task('b', ['a'], 10), task('c', ['b'], 10)];
  expect(findCriticalPath(tasks)).toEqual(['a', 'b', 'c']);
});

test('upstreams that form a circle do not hold it up', () => {
  const tasks = [task('a', ['b'], 10), task('b', ['a'], 20)];
  expect(findCriticalPath(tasks)).toEqual(['a', 'b']);
});
