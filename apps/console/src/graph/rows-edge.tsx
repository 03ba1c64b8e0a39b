import { BaseEdge, EdgeLabelRenderer } from '@xyflow/react';
import type { Edge, EdgeProps } from '@xyflow/react';
import { formatCompact, formatRows } from '../format/quantity.ts';
import { labelPoint, roundedPath } from './edge-path.ts';
import type { Point } from './layout.ts';

export type RowsEdgeData = {
  readonly points: readonly Point[];
  /** Rows that the task before gives, decimal text. */
  readonly rows: string;
};

export type RowsEdgeType = Edge<RowsEdgeData, 'rows'>;

/** From one task to the next, with the rows that pass. */
export function RowsEdge({ id, data }: EdgeProps<RowsEdgeType>) {
  if (data === undefined) return null;
  const { points, rows } = data;
  const { x, y } = labelPoint(points);
  return (
    <>
      <BaseEdge id={id} path={roundedPath(points)} interactionWidth={0} />
      {rows !== '0' && (
        <EdgeLabelRenderer>
          <span
            className="edge-rows"
            title={formatRows(rows)}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {formatCompact(rows)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
