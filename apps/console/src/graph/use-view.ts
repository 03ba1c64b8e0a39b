import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, RefObject } from 'react';
import type { LargeLayout } from './layered-layout.ts';
import type { Point } from './layout.ts';
import { fitView, zoomAt } from './view-box.ts';
import type { View } from './view-box.ts';

// A hand that wanted to click moves by so much.
const CLICK_PX = 5;
const WHEEL_RATE = 0.0015;
const KEY_STEP_PX = 80;
const KEY_ZOOM = 1.3;

const MOVES: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: KEY_STEP_PX, y: 0 },
  ArrowRight: { x: -KEY_STEP_PX, y: 0 },
  ArrowUp: { x: 0, y: KEY_STEP_PX },
  ArrowDown: { x: 0, y: -KEY_STEP_PX },
};

/** What of a large graph is seen, and how hand and keys change it. */
export function useView(canvas: RefObject<HTMLCanvasElement | null>, layout: LargeLayout) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [moved, setMoved] = useState<View>();
  const drag = useRef<{ readonly from: Point; readonly view: View } | undefined>(undefined);
  const view = size.width === 0 ? undefined : (moved ?? fitView(layout, size));

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      element.width = width * globalThis.devicePixelRatio;
      element.height = height * globalThis.devicePixelRatio;
      setSize({ width, height });
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [canvas]);

  const zoomFrom = (at: Point, factor: number) =>
    setMoved((before) => zoomAt(before ?? fitView(layout, size), at, factor));
  useEffect(() => {
    const element = canvas.current;
    // Only with a key, so that the page can be scrolled past the graph; React's own listener could not prevent it.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomFrom({ x: event.offsetX, y: event.offsetY }, Math.exp(-event.deltaY * WHEEL_RATE));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  });

  const middle = { x: size.width / 2, y: size.height / 2 };
  const zoom = (factor: number) => zoomFrom(middle, factor);
  const handlers = (onClick: (at: Point) => void) => ({
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      if (view === undefined || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { from: pointOf(event), view };
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      if (drag.current === undefined) return;
      const { from, view: began } = drag.current;
      const at = pointOf(event);
      setMoved({ ...began, x: began.x + at.x - from.x, y: began.y + at.y - from.y });
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const began = drag.current;
      drag.current = undefined;
      if (began === undefined) return;
      const at = pointOf(event);
      if (Math.hypot(at.x - began.from.x, at.y - began.from.y) < CLICK_PX) onClick(at);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const move = MOVES[event.key];
      if (move !== undefined && view !== undefined) {
        setMoved({ ...view, x: view.x + move.x, y: view.y + move.y });
      } else if (event.key === '+') zoom(KEY_ZOOM);
      else if (event.key === '-') zoom(1 / KEY_ZOOM);
      else if (event.key === '0') setMoved(undefined);
      else return;
      event.preventDefault();
    },
  });
  return { view, size, handlers, zoom, fit: () => setMoved(undefined), show: setMoved };
}

function pointOf(event: PointerEvent<HTMLCanvasElement>): Point {
  return { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
}
