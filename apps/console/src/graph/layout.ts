import ELK from 'elkjs/lib/elk-api.js';
import type { ElkEdgeSection, ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { GraphShape } from './graph-shape.ts';

export const NODE_WIDTH = 224;
export const NODE_HEIGHT = 94;

export type Point = { readonly x: number; readonly y: number };

export type GraphLayout = {
  readonly width: number;
  readonly height: number;
  /** Upper left corners of the tasks. */
  readonly places: ReadonlyMap<string, Point>;
  /** The bends of every edge, both ends included. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
};

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '76',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '24',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  // The order of the workflow decides what is above what, so that a picture does not jump from run to run.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.padding': '[top=4,left=4,bottom=4,right=4]',
};

/** Puts the tasks in layers from left to right. The work is done in a worker, which ends with it. */
export async function layOut(shape: GraphShape): Promise<GraphLayout> {
  const elk = new ELK({ workerUrl });
  try {
    return readLayout(await elk.layout(toElk(shape)));
  } finally {
    elk.terminateWorker();
  }
}

function toElk({ taskIds, edges }: GraphShape): ElkNode {
  return {
    id: 'root',
    layoutOptions: OPTIONS,
    children: taskIds.map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
}

function readLayout(root: ElkNode): GraphLayout {
  const nodes = root.children ?? [];
  const edges = root.edges ?? [];
  return {
    width: root.width ?? 0,
    height: root.height ?? 0,
    places: new Map(nodes.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    routes: new Map(edges.map(({ id, sections = [] }) => [id, sections.flatMap(bendsOf)])),
  };
}

function bendsOf({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection): readonly Point[] {
  return [startPoint, ...bendPoints, endPoint];
}
