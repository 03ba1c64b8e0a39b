import { describe, expect, test } from 'vitest';
import { shapeOf } from './graph-shape.ts';
import { layOutLayers } from './layered-layout.ts';
import { someTask } from '../run/fixtures.ts';

const taskOf = (id: string, upstream: readonly string[] = []) =>
  someTask(id, 'TASK_STATE_PENDING', [...upstream]);

describe('layOutLayers', () => {
  test('puts every task right of all that it waits for (1)', () => {
    // A diamond with a short cut: d waits for a as well as for the longer way.
    const tasks = [taskOf('d', ['c', 'a']), taskOf('c', ['b']), taskOf('b', ['a']), taskOf('a')];
    const { places, edges } = layOutLayers(shapeOf(tasks));
    expect(edges).toHaveLength(4);
    for (const [from, to] of edges) expect(places[to]!.x).toBeGreaterThan(places[from]!.x);
  });

  test('folds a layer of thousands, and puts no two tasks at one place (2)', () => {
    const tasks = [taskOf('a'), ...Array.from({ length: 4_999 }, (_, i) => taskOf(`t${i}`, ['a']))];
    const { places, width, height } = layOutLayers(shapeOf(tasks));
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(5_000);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(3);
    expect(Math.min(...places.slice(1).map(({ x }) => x))).toBeGreaterThan(places[0]!.x);
  });

  test('keeps chains that lie side by side apart (3)', () => {
    const tasks = [taskOf('a1'), taskOf('b1'), taskOf('b2', ['b1']), taskOf('a2', ['a1'])];
    const { places } = layOutLayers(shapeOf(tasks));
    expect(places[3]!.y).toBeLessThan(places[2]!.y);
  });
});
