/** Folds graphs that are towers: dozens of tasks side by side would shrink to a strip that nobody can read. */
import type { GraphShape } from './graph-shape.ts';
import { layOutLayers } from './layered-layout.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import type { GraphLayout, Point } from './layout.ts';

// Up to here a graph fills its card and can still be read.
const HEIGHT_MAX = 1_200;
// Wide graphs shrink by their width, whatever their height.
const ASPECT_MIN = 1.5;
// Where the lines that come together at a task turn towards it.
const TURN = 24;

/** The layout itself, or where it is a tower, one whose layers stand in several columns. */
export function foldTower(shape: GraphShape, layout: GraphLayout): GraphLayout {
  if (layout.height <= HEIGHT_MAX || layout.width > layout.height * ASPECT_MIN) return layout;
  const { width, height, places, edges } = layOutLayers(shape);
  const at = (index: number): Point => places[index] ?? { x: 0, y: 0 };
  return {
    width,
    height,
    places: new Map(shape.taskIds.map((taskId, index) => [taskId, at(index)])),
    routes: new Map(
      edges.map(([from, to], index) => [shape.edges[index]?.id ?? '', routeOf(at(from), at(to))]),
    ),
  };
}

/** Level until shortly before the task, so that the lines of one task run together. */
function routeOf(from: Point, to: Point): readonly Point[] {
  const start = { x: from.x + NODE_WIDTH, y: from.y + NODE_HEIGHT / 2 };
  const end = { x: to.x, y: to.y + NODE_HEIGHT / 2 };
  if (start.y === end.y) return [start, end];
  const turn = end.x - TURN;
  return [start, { x: turn, y: start.y }, { x: turn, y: end.y }, end];
}
