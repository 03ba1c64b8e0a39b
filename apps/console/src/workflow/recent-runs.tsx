import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Link } from '../components/link.tsx';
import { RunsTable } from '../runs/runs-table.tsx';
import { useAnswer } from '../use-answer.ts';

// What fits below a graph; the rest is one click away.
const RUNS_SHOWN = 10;
// Changes come by themselves; this only finds what their stream has missed.
const REFRESH_MS = 15_000;

/** The newest runs of a workflow, as they change. */
export function RecentRuns({ workflowName }: { readonly workflowName: string }) {
  const answer = useAnswer({
    key: `runs of ${workflowName}`,
    call: async () => (await floe.listRuns({ workflowName, pageSize: RUNS_SHOWN })).runs,
    follows: 'runs',
    pauseMs: REFRESH_MS,
  });
  return (
    <section className="card" aria-labelledby="recent-title">
      <header className="card-head">
        <h2 id="recent-title">Newest runs</h2>
        <span className="card-tools">
          <Link to={`/runs?workflow=${encodeURIComponent(workflowName)}`}>All runs</Link>
        </span>
      </header>
      <Answered answer={answer} what="the runs">
        {(runs) =>
          runs.length === 0 ? (
            <p className="muted card-body">It has not run yet.</p>
          ) : (
            <RunsTable runs={runs} />
          )
        }
      </Answered>
    </section>
  );
}
