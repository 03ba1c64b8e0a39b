import type { Point } from './layout.ts';

const CORNER_RADIUS = 9;

/** A path through points with rounded corners, as the `d` of an SVG path. */
export function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      return corner(before, point, after);
    })
    .join('');
}

/** Stops short of the bend and goes around it. */
function corner(before: Point, bend: Point, after: Point): string {
  const near = towards(bend, before);
  const far = towards(bend, after);
  return `L${near.x} ${near.y}Q${bend.x} ${bend.y} ${far.x} ${far.y}`;
}

/** A little way from one point to another, never more than half of it. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(CORNER_RADIUS, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Where a label has most room: the middle of the longest level part. */
export function labelPoint(points: readonly Point[]): Point {
  let best: Point = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (from === undefined || from.y !== to.y) continue;
    const length = Math.abs(to.x - from.x);
    if (length <= longest) continue;
    longest = length;
    best = { x: (from.x + to.x) / 2, y: from.y };
  }
  return best;
}
