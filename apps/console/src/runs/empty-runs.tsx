import { CommandLine } from '../components/command-line.tsx';
import { Link } from '../components/link.tsx';

/** Before the first run: what to do next. */
export function NoRuns() {
  return (
    <section className="empty">
      <h2>Open water</h2>
      <p>No workflow has run here yet. Start the first one from a terminal:</p>
      <CommandLine command="floe run examples/late-flights.yaml" />
      <p className="muted">
        It shows up here by itself as soon as it is accepted. Or write one here:{' '}
        <Link to="/edit">new workflow</Link>.
      </p>
    </section>
  );
}

/** Nothing matches the filter. */
export function NoMatch() {
  return (
    <section className="empty">
      <h2>No run matches</h2>
      <p>No run has this workflow and one of these states.</p>
      <Link to="/runs" className="button">
        Show all runs
      </Link>
    </section>
  );
}
