import { CommandLine } from '../components/command-line.tsx';
import { Link } from '../components/link.tsx';

export const lineageAddress = (dataset: string, column = ''): string => {
  const search = new URLSearchParams({ dataset, ...(column !== '' && { column }) });
  return `/lineage?${search.toString()}`;
};

/** The tables to begin with. */
export function TableList({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) {
    return (
      <section className="empty">
        <h2>No workflow loads a table yet</h2>
        <p>Lineage is known as soon as a workflow is applied, before it runs.</p>
        <CommandLine command="floe apply -f examples/late-flights.yaml" />
      </section>
    );
  }
  return (
    <section className="card" aria-labelledby="tables-title">
      <header className="card-head">
        <h2 id="tables-title">Tables that workflows load</h2>
      </header>
      <ul className="table-list" data-rows>
        {names.map((name) => (
          <li key={name}>
            <Link to={lineageAddress(name)} data-row>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
