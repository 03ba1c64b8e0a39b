import type { LineageEdge } from '@floe/client';
import { Link } from '../components/link.tsx';
import { workflowPath } from '../router.ts';
import { shortName } from './lineage-model.ts';

/** The same as a table: every dependency, and the task that makes it. */
export function LineageTable({ edges }: { readonly edges: readonly LineageEdge[] }) {
  return (
    <section className="card" aria-labelledby="edges-title">
      <header className="card-head">
        <h2 id="edges-title">Every dependency</h2>
        <span className="muted">{edges.length}</span>
      </header>
      <div
        className="table-frame lineage-edges"
        tabIndex={0}
        role="region"
        aria-label="Dependencies"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">As</th>
              <th scope="col">Certainty</th>
              <th scope="col">Made by</th>
            </tr>
          </thead>
          <tbody>
            {edges.map((edge, index) => (
              <tr key={index}>
                <td>{placeOf(edge.fromDataset, edge.fromColumn)}</td>
                <td>{placeOf(edge.toDataset, edge.toColumn)}</td>
                <td>
                  {edge.kind}
                  <span className="muted">
                    {' '}
                    {edge.transformation}
                    {edge.masked && ', values not told'}
                  </span>
                </td>
                <td>{edge.certainty}</td>
                <td>
                  <Link to={workflowPath(edge.workflowName)}>{edge.workflowName}</Link>
                  <span className="muted">
                    @{edge.workflowVersion} {edge.taskId}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function placeOf(dataset: string, column: string): string {
  return column === '' ? shortName(dataset) : `${shortName(dataset)}.${column}`;
}
