import { useEffect } from 'react';
import type { CSSProperties } from 'react';
import { Controls, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { ProblemBanner } from '../components/problem-banner.tsx';
import type { GraphShape } from './graph-shape.ts';
import { isTaskRun } from './graph-task.ts';
import type { GraphTask } from './graph-task.ts';
import { LargeGraph } from './large-graph.tsx';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import type { GraphLayout } from './layout.ts';
import { RowsEdge } from './rows-edge.tsx';
import type { RowsEdgeType } from './rows-edge.tsx';
import { TaskNode } from './task-node.tsx';
import type { TaskNodeType } from './task-node.tsx';
import { useLayout } from './use-layout.ts';
import type { TaskGraphProps } from './task-graph-props.ts';

// Beyond it a page of elements and the better layout are too slow; the large graph is drawn as one picture.
const ELEMENTS_MAX = 250;

/** The tasks as a graph, from left to right. */
export function TaskGraph(props: TaskGraphProps) {
  return props.tasks.length > ELEMENTS_MAX ? <LargeGraph {...props} /> : <SmallGraph {...props} />;
}

function SmallGraph(props: TaskGraphProps) {
  const { shape, layout, error } = useLayout(props.tasks);
  if (error !== undefined) {
    return <ProblemBanner title="The graph cannot be drawn; see the table." error={error} />;
  }
  if (layout === undefined) return <p className="muted graph-wait">Drawing the graph …</p>;
  return (
    <ReactFlowProvider>
      <Canvas {...props} shape={shape} layout={layout} />
    </ReactFlowProvider>
  );
}

const NODE_TYPES = { task: TaskNode };
const EDGE_TYPES = { rows: RowsEdge };
// Around the graph; below it is the place of the controls.
const MARGIN = 20;
const FOOT = 48;
// Never larger than life; very wide graphs shrink until they fit.
const FIT = {
  padding: { top: `${MARGIN}px`, x: `${MARGIN}px`, bottom: `${FOOT}px` },
  maxZoom: 1,
  minZoom: 0.15,
} as const;
// From here on nodes outside of the view are not kept in the page.
const LARGE_GRAPH_TASKS = 100;
const HEIGHT_MAX = 640;
// Below it the small print of a node cannot be read: names and states stand there alone, and large.
const FAR_ZOOM = 0.62;

type CanvasProps = TaskGraphProps & { readonly shape: GraphShape; readonly layout: GraphLayout };

function Canvas(props: CanvasProps) {
  const { layout, tasks, onSelect } = props;
  const isFar = useStore(({ transform: [, , zoom] }) => zoom < FAR_ZOOM);
  return (
    <div className="canvas" data-far={isFar} style={sizeOf(layout)}>
      <ReactFlow
        nodes={nodesOf(props)}
        edges={edgesOf(props)}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        minZoom={FIT.minZoom}
        maxZoom={1.5}
        fitView
        fitViewOptions={FIT}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        onlyRenderVisibleElements={tasks.length > LARGE_GRAPH_TASKS}
        onPaneClick={() => onSelect('')}
      >
        <Controls orientation="horizontal" showInteractive={false} fitViewOptions={FIT} />
        <FitToWidth />
      </ReactFlow>
    </div>
  );
}

/** As high as the graph is when it fills the width of its card, but never higher than it is in full size. */
function sizeOf({ width, height }: GraphLayout): CSSProperties {
  const marginX = 2 * MARGIN;
  const marginY = MARGIN + FOOT;
  const shrunk = `(100cqw - ${marginX}px) * ${height / Math.max(1, width)} + ${marginY}px`;
  return { height: `min(${Math.min(HEIGHT_MAX, height + marginY)}px, ${shrunk})` };
}

/** Shows the whole graph again when the panel beside it opens or the window changes. */
function FitToWidth() {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  useEffect(() => {
    void fitView(FIT);
  }, [width, fitView]);
  return null;
}

function nodesOf({
  tasks,
  layout,
  criticalTaskIds,
  selectedTaskId,
  onSelect,
}: CanvasProps): TaskNodeType[] {
  const critical = new Set(criticalTaskIds);
  return tasks.map((task) => ({
    id: task.taskId,
    type: 'task',
    position: layout.places.get(task.taskId) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: {
      task,
      isSelected: task.taskId === selectedTaskId,
      isCritical: critical.has(task.taskId),
      onSelect,
    },
  }));
}

function edgesOf({ tasks, shape, layout, criticalTaskIds }: CanvasProps): RowsEdgeType[] {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  const critical = new Set(criticalTaskIds);
  return shape.edges.map(({ id, from, to }) => ({
    id,
    type: 'rows',
    source: from,
    target: to,
    className: edgeClass(byId.get(to), critical.has(from) && critical.has(to)),
    data: { points: layout.routes.get(id) ?? [], rows: rowsOf(byId.get(from)) },
  }));
}

function rowsOf(task: GraphTask | undefined): string {
  return task !== undefined && isTaskRun(task) ? task.rows : '0';
}

/** Rows flow where the task behind the edge runs. */
function edgeClass(target: GraphTask | undefined, isCritical: boolean): string {
  const isFlowing =
    target !== undefined && isTaskRun(target) && target.state === 'TASK_STATE_RUNNING';
  return [isFlowing ? 'flowing' : '', isCritical ? 'critical' : ''].join(' ').trim();
}
