import type { Point } from './layout.ts';

/** What of the graph is seen: screen = graph × scale + offset, in pixels of the page. */
export type View = { readonly scale: number; readonly x: number; readonly y: number };

type Size = { readonly width: number; readonly height: number };

export const SCALE_MIN = 0.02;
export const SCALE_MAX = 1.4;
const MARGIN = 18;

/** The whole graph in the middle of the frame, never larger than life. */
export function fitView(graph: Size, frame: Size): View {
  const scale = Math.min(
    1,
    Math.max(
      SCALE_MIN,
      Math.min(
        (frame.width - 2 * MARGIN) / Math.max(1, graph.width),
        (frame.height - 2 * MARGIN) / Math.max(1, graph.height),
      ),
    ),
  );
  return {
    scale,
    x: (frame.width - graph.width * scale) / 2,
    y: (frame.height - graph.height * scale) / 2,
  };
}

/** Larger or smaller by a factor; what is under the point stays there. */
export function zoomAt(view: View, at: Point, factor: number): View {
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** The place of the graph under a point of the screen. */
export function toGraph({ scale, x, y }: View, at: Point): Point {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale };
}

/** So close that names can be read, with the place in the middle. */
export function centreOn(view: View, place: Point, frame: Size): View {
  const scale = Math.max(view.scale, 0.8);
  return { scale, x: frame.width / 2 - place.x * scale, y: frame.height / 2 - place.y * scale };
}
