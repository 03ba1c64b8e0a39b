import { useState } from 'react';
import type { LineageEdge } from '@floe/client';
import { Link } from '../components/link.tsx';
import { shortName } from './lineage-model.ts';
import type { LineageModel } from './lineage-model.ts';
import { HEAD_HEIGHT, NODE_WIDTH, ROW_HEIGHT, placeLineage } from './lineage-places.ts';
import type { PlacedNode } from './lineage-places.ts';
import { lineageAddress } from './table-list.tsx';

export type LineageGraphProps = {
  readonly model: LineageModel;
  /** What was asked about. */
  readonly dataset: string;
  readonly column: string;
};

type Place = { readonly dataset: string; readonly column: string };

/** Tables with their columns, and what becomes of what. Pointing at a column shows its own lines. */
export function LineageGraph({ model, dataset, column }: LineageGraphProps) {
  const [pointed, setPointed] = useState<Place>();
  const { width, height, nodes, lines } = placeLineage(model);
  return (
    <section className="card lineage-frame" aria-label="Lineage graph" tabIndex={0}>
      <div className="lineage-graph" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          {lines.map(({ edge, path }, index) => (
            <path
              key={index}
              d={path}
              data-kind={edge.kind === 'value' ? 'value' : 'other'}
              data-certainty={edge.certainty}
              data-pointed={pointed === undefined ? undefined : touches(edge, pointed)}
            />
          ))}
        </svg>
        {nodes.map((node) => (
          <DatasetNode
            key={node.dataset}
            node={node}
            isAsked={node.dataset === dataset}
            askedColumn={column}
            onPoint={setPointed}
          />
        ))}
      </div>
      <p className="lineage-legend muted">
        Whole lines carry values; dotted ones filter, join, group or sort; dashed ones are not
        exact.
      </p>
    </section>
  );
}

function touches(edge: LineageEdge, { dataset, column }: Place): boolean {
  return (
    (edge.fromDataset === dataset && edge.fromColumn === column) ||
    (edge.toDataset === dataset && edge.toColumn === column)
  );
}

type NodeProps = {
  readonly node: PlacedNode;
  readonly isAsked: boolean;
  readonly askedColumn: string;
  readonly onPoint: (place: Place | undefined) => void;
};

function DatasetNode({ node, isAsked, askedColumn, onPoint }: NodeProps) {
  const { dataset, columns, x, y, height } = node;
  return (
    <div
      className="lineage-node"
      data-asked={isAsked}
      style={{ left: x, top: y, width: NODE_WIDTH, height }}
    >
      <p className="lineage-name" style={{ height: HEAD_HEIGHT }} title={dataset}>
        {dataset === '' ? (
          <span>{shortName(dataset)}</span>
        ) : (
          <Link to={lineageAddress(dataset)}>{shortName(dataset)}</Link>
        )}
      </p>
      <ul onMouseLeave={() => onPoint(undefined)}>
        {columns.map((column) => (
          <li
            key={column}
            style={{ height: ROW_HEIGHT }}
            data-asked={isAsked && column === askedColumn}
            onMouseEnter={() => onPoint({ dataset, column })}
          >
            {column === '' || dataset === '' ? (
              <em className="muted">{column === '' ? 'all rows' : column}</em>
            ) : (
              <Link to={lineageAddress(dataset, column)}>{column}</Link>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
