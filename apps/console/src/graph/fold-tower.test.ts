import { expect, test } from 'vitest';
import { foldTower } from './fold-tower.ts';
import type { GraphShape } from './graph-shape.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

const names = Array.from({ length: 40 }, (_, index) => `part_${index}`);
const fan: GraphShape = {
  taskIds: ['start', ...names, 'gather'],
  edges: names.flatMap((name) => [
    { id: `start ${name}`, from: 'start', to: name },
    { id: `${name} gather`, from: name, to: 'gather' },
  ]),
};
const NOTHING = { places: new Map(), routes: new Map() };

test('leaves graphs alone that can be read as they are', () => {
  const low = { ...NOTHING, width: 300, height: 1_200 };
  const wide = { ...NOTHING, width: 9_000, height: 5_000 };
  expect(foldTower(fan, low)).toBe(low);
  expect(foldTower(fan, wide)).toBe(wide);
});

test('puts a tower into columns, in which no task lies on another', () => {
  const tower = { ...NOTHING, width: 824, height: 4_600 };
  const { width, height, places, routes } = foldTower(fan, tower);
  expect(width).toBeGreaterThan(height);
  const corners = new Set([...places.values()].map(({ x, y }) => `${x} ${y}`));
  expect(corners.size).toBe(42);
  expect(routes.size).toBe(80);
  const start = places.get('start')!;
  expect(routes.get('start part_7')?.[0]).toEqual({
    x: start.x + NODE_WIDTH,
    y: start.y + NODE_HEIGHT / 2,
  });
});
