import { useEffect, useMemo, useRef } from 'react';
import { markOf } from '../state/state-mark.ts';
import { keyOf, shapeOf } from './graph-shape.ts';
import { isTaskRun } from './graph-task.ts';
import type { GraphTask } from './graph-task.ts';
import { layOutLayers } from './layered-layout.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import { drawGraph } from './draw-graph.ts';
import type { TaskGraphProps } from './task-graph-props.ts';
import { usePalette } from './use-palette.ts';
import { useView } from './use-view.ts';
import { centreOn, toGraph } from './view-box.ts';

/** A graph of thousands of tasks, drawn as one picture. The table of tasks is its other face, for keyboard and reader. */
export function LargeGraph({ tasks, selectedTaskId, onSelect }: TaskGraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const key = keyOf(shapeOf(tasks));
  // The key stands for the shape: states and numbers move nothing.
  const layout = useMemo(() => layOutLayers(shapeOf(tasks)), [key]);
  const palette = usePalette(frame);
  const { view, size, handlers, zoom, fit, show } = useView(canvas, layout);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context == null || palette === undefined || view === undefined) return undefined;
    const picture = { tasks, layout, view, palette, selectedTaskId, size };
    const request = requestAnimationFrame(() => {
      drawGraph(context, { ...picture, density: globalThis.devicePixelRatio });
      // For whoever waits for the picture, like a test.
      context.canvas.dataset['drawn'] = String(tasks.length);
    });
    return () => cancelAnimationFrame(request);
  }, [tasks, layout, view, palette, selectedTaskId, size]);
  const select = (point: { readonly x: number; readonly y: number }) => {
    if (view === undefined) return;
    const at = toGraph(view, point);
    const index = layout.places.findIndex(
      ({ x, y }) => at.x >= x && at.x <= x + NODE_WIDTH && at.y >= y && at.y <= y + NODE_HEIGHT,
    );
    onSelect(tasks[index]?.taskId ?? '');
  };
  const showNextFailed = () => {
    const index = nextFailed(tasks, selectedTaskId);
    const place = layout.places[index];
    if (place === undefined || view === undefined) return;
    onSelect(tasks[index]?.taskId ?? '');
    const middle = { x: place.x + NODE_WIDTH / 2, y: place.y + NODE_HEIGHT / 2 };
    show(centreOn(view, middle, size));
  };
  const failedCount = tasks.filter(hasFailed).length;
  return (
    <div className="large-graph" ref={frame}>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`Graph of ${tasks.length} tasks, ${failedCount} failed. The table below lists them.`}
        {...handlers(select)}
      />
      <div className="large-graph-tools">
        <button type="button" className="button" onClick={() => zoom(1.4)} aria-label="Larger">
          +
        </button>
        <button type="button" className="button" onClick={() => zoom(1 / 1.4)} aria-label="Smaller">
          −
        </button>
        <button type="button" className="button" onClick={fit}>
          Whole graph
        </button>
        {failedCount > 0 && (
          <button type="button" className="button" onClick={showNextFailed}>
            Next failed ({failedCount})
          </button>
        )}
      </div>
    </div>
  );
}

function hasFailed(task: GraphTask): boolean {
  return isTaskRun(task) && markOf(task.state).tone === 'bad';
}

/** The first failed task behind the chosen one, from the start again at the end. */
function nextFailed(tasks: readonly GraphTask[], selectedTaskId: string): number {
  const chosen = tasks.findIndex(({ taskId }) => taskId === selectedTaskId);
  const later = tasks.findIndex((task, index) => index > chosen && hasFailed(task));
  return later === -1 ? tasks.findIndex(hasFailed) : later;
}
