import type { LineageEdge } from '@floe/client';
import type { LineageModel, LineageNode } from './lineage-model.ts';

export const NODE_WIDTH = 230;
export const HEAD_HEIGHT = 34;
export const ROW_HEIGHT = 24;
const GAP_X = 110;
const GAP_Y = 18;
const FOOT = 6;

export type PlacedNode = LineageNode & {
  readonly x: number;
  readonly y: number;
  readonly height: number;
};

export type PlacedLineage = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly lines: readonly {
    readonly edge: LineageEdge;
    readonly path: string;
  }[];
};

/** Where every dataset stands, and the lines between their columns. */
export function placeLineage({ nodes, edges }: LineageModel): PlacedLineage {
  const levels = [...Map.groupBy(nodes, ({ level }) => level)].toSorted(([a], [b]) => a - b);
  const heights = levels.map(([, ofLevel]) => heightOf(ofLevel));
  const height = Math.max(...heights);
  const placed = levels.flatMap(([, ofLevel], index) => {
    let y = (height - (heights[index] ?? 0)) / 2;
    return ofLevel.map((node) => {
      const one = { ...node, x: index * (NODE_WIDTH + GAP_X), y, height: nodeHeight(node) };
      y += one.height + GAP_Y;
      return one;
    });
  });
  const byName = new Map(placed.map((node) => [node.dataset, node]));
  const lines = edges.flatMap((edge) => {
    const from = byName.get(edge.fromDataset);
    const to = byName.get(edge.toDataset);
    if (from === undefined || to === undefined) return [];
    return [{ edge, path: pathOf(from, to, edge) }];
  });
  const width = levels.length * (NODE_WIDTH + GAP_X) - GAP_X;
  return { width, height, nodes: placed, lines };
}

function nodeHeight({ columns }: LineageNode): number {
  return HEAD_HEIGHT + columns.length * ROW_HEIGHT + FOOT;
}

function heightOf(nodes: readonly LineageNode[]): number {
  return nodes.reduce((sum, node) => sum + nodeHeight(node) + GAP_Y, -GAP_Y);
}

function rowOf(node: PlacedNode, column: string): number {
  return node.y + HEAD_HEIGHT + (node.columns.indexOf(column) + 0.5) * ROW_HEIGHT;
}

/** Out of the right side and into the left one; back around where both stand in one column. */
function pathOf(from: PlacedNode, to: PlacedNode, edge: LineageEdge): string {
  const [x1, y1] = [from.x + NODE_WIDTH, rowOf(from, edge.fromColumn)];
  const [x2, y2] = [to.x, rowOf(to, edge.toColumn)];
  const bend = Math.max(GAP_X / 2, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
