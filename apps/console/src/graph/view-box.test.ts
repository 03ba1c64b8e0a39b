import { expect, test } from 'vitest';
import { centreOn, fitView, toGraph, zoomAt } from './view-box.ts';

const frame = { width: 1_000, height: 500 };

test('fits the whole graph into the frame', () => {
  const view = fitView({ width: 20_000, height: 4_000 }, frame);
  const corner = toGraph(view, { x: 0, y: 0 });
  const opposite = toGraph(view, { x: frame.width, y: frame.height });
  expect(corner.x).toBeLessThanOrEqual(0);
  expect(corner.y).toBeLessThanOrEqual(0);
  expect(opposite.x).toBeGreaterThanOrEqual(20_000);
  expect(opposite.y).toBeGreaterThanOrEqual(4_000);
});

test('shows a small graph in full size', () => {
  expect(fitView({ width: 100, height: 100 }, frame).scale).toBe(1);
});

test('keeps what is under the pointer there when it zooms', () => {
  const view = fitView({ width: 20_000, height: 4_000 }, frame);
  const at = { x: 300, y: 200 };
  const before = toGraph(view, at);
  const after = toGraph(zoomAt(view, at, 3), at);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

test('brings a place into the middle', () => {
  const view = centreOn({ scale: 0.1, x: 0, y: 0 }, { x: 5_000, y: 70 }, frame);
  expect(toGraph(view, { x: 500, y: 250 })).toEqual({ x: 5_000, y: 70 });
});
