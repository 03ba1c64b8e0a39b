import { CopyButton } from '../components/copy-button.tsx';
import { Link } from '../components/link.tsx';

const FIRST_COMMAND = 'floe run examples/late-flights.yaml';

/** Before the first run: what to do next. */
export function NoRuns() {
  return (
    <section className="empty">
      <h2>Open water</h2>
      <p>No workflow has run here yet. Start the first one from a terminal:</p>
      <p className="command">
        <code>
          <span aria-hidden="true">$ </span>
          {FIRST_COMMAND}
        </code>
        <CopyButton text={FIRST_COMMAND} label="Copy the command" />
      </p>
      <p className="muted">It shows up here by itself as soon as it is accepted.</p>
    </section>
  );
}

/** Nothing matches the filter. */
export function NoMatch() {
  return (
    <section className="empty">
      <h2>No run matches</h2>
      <p>No run has this workflow and one of these states.</p>
      <Link to="/" className="button">
        Show all runs
      </Link>
    </section>
  );
}
