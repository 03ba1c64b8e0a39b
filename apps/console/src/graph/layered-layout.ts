/**
 * A layout for graphs of thousands of tasks, in time that grows with tasks and edges.
 *
 * 1. A task stands right of every task that it waits for.
 * 2. A layer that is too high is folded into several columns, so that the whole is about twice as wide as high.
 * 3. Within a layer, tasks stand by the mean place of what they wait for, then in the order of the workflow.
 */
import type { GraphShape } from './graph-shape.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import type { Point } from './layout.ts';

const GAP_X = 72;
const GAP_Y = 22;
const STEP_X = NODE_WIDTH + GAP_X;
const STEP_Y = NODE_HEIGHT + GAP_Y;
// Width over height of the whole picture, like that of the card that it is drawn in.
const ASPECT = 2;
// Fewer rows than that would make a ribbon of a chain with one wide layer.
const ROWS_MIN = 8;

export type LargeLayout = {
  readonly width: number;
  readonly height: number;
  /** Upper left corners by the position of the task in the shape. */
  readonly places: readonly Point[];
  /** From and to, as positions of tasks. */
  readonly edges: readonly (readonly [from: number, to: number])[];
};

export function layOutLayers({ taskIds, edges }: GraphShape): LargeLayout {
  const indexOf = new Map(taskIds.map((id, index) => [id, index]));
  const pairs = edges.map(
    ({ from, to }) => [indexOf.get(from) ?? 0, indexOf.get(to) ?? 0] as const,
  );
  const upstream: number[][] = taskIds.map(() => []);
  for (const [from, to] of pairs) upstream[to]?.push(from);
  const layers = toLayers(upstream, pairs);
  return { ...place(layers, upstream), edges: pairs };
}

/** The tasks by the longest way to them. What is left of a circle, which no workflow has, stands in the first layer. */
function toLayers(
  upstream: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number])[],
): readonly (readonly number[])[] {
  const downstream: number[][] = upstream.map(() => []);
  for (const [from, to] of pairs) downstream[from]?.push(to);
  const open = upstream.map(({ length }) => length);
  const layerOf = upstream.map(() => 0);
  const ready = open.flatMap((count, index) => (count === 0 ? [index] : []));
  // The list grows while it is read: Kahn's order.
  for (const index of ready) {
    for (const next of downstream[index] ?? []) {
      layerOf[next] = Math.max(layerOf[next] ?? 0, (layerOf[index] ?? 0) + 1);
      open[next] = (open[next] ?? 0) - 1;
      if (open[next] === 0) ready.push(next);
    }
  }
  const layers: number[][] = [];
  for (const [index, layer] of layerOf.entries()) (layers[layer] ??= []).push(index);
  return layers;
}

function place(
  layers: readonly (readonly number[])[],
  upstream: readonly (readonly number[])[],
): Omit<LargeLayout, 'edges'> {
  const rows = Math.max(
    ROWS_MIN,
    Math.ceil(Math.sqrt((upstream.length * STEP_X) / (ASPECT * STEP_Y))),
  );
  const highest = Math.min(rows, Math.max(...layers.map(({ length }) => length)));
  const places: Point[] = upstream.map(() => ({ x: 0, y: 0 }));
  let column = 0;
  for (const layer of layers) {
    const ordered = orderLayer(layer, upstream, places);
    for (const [position, index] of ordered.entries()) {
      const inColumn = Math.min(rows, ordered.length - Math.floor(position / rows) * rows);
      const top = ((highest - inColumn) * STEP_Y) / 2;
      places[index] = {
        x: (column + Math.floor(position / rows)) * STEP_X,
        y: top + (position % rows) * STEP_Y,
      };
    }
    column += Math.ceil(layer.length / rows);
  }
  return { width: column * STEP_X - GAP_X, height: highest * STEP_Y - GAP_Y, places };
}

function orderLayer(
  layer: readonly number[],
  upstream: readonly (readonly number[])[],
  places: readonly Point[],
): readonly number[] {
  const meanOf = (index: number) => {
    const from = upstream[index] ?? [];
    return from.reduce((sum, one) => sum + (places[one]?.y ?? 0), 0) / Math.max(1, from.length);
  };
  const means = new Map(layer.map((index) => [index, meanOf(index)]));
  return layer.toSorted((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0) || a - b);
}
