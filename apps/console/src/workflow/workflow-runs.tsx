import type { WorkflowReport } from '@floe/client';
import { RunBars } from '../components/run-bars.tsx';
import { Link } from '../components/link.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';

/** How the runs of a workflow went, in one line. */
export function WorkflowRuns({ report }: { readonly report: WorkflowReport }) {
  const { runCount, failedCount, durationP50Ms, durationP95Ms, recentRuns, workflowName } = report;
  const [newest, before] = recentRuns;
  return (
    <dl className="facts">
      <div>
        <dt>Last runs</dt>
        <dd>
          <RunBars runs={recentRuns} />
        </dd>
      </div>
      <div>
        <dt>Runs</dt>
        <dd>{formatCount(runCount)}</dd>
      </div>
      <div>
        <dt>Failed</dt>
        <dd>
          {failedCount === '0' ? (
            '0'
          ) : (
            <Link
              to={`/runs?workflow=${encodeURIComponent(workflowName)}&state=failed&state=timed_out`}
            >
              {formatCount(failedCount)}
            </Link>
          )}
        </dd>
      </div>
      <div>
        <dt>Median time</dt>
        <dd>{formatDuration(Number(durationP50Ms))}</dd>
      </div>
      <div>
        <dt>95 % within</dt>
        <dd>{formatDuration(Number(durationP95Ms))}</dd>
      </div>
      {newest !== undefined && before !== undefined && (
        <div>
          <dt>Last two</dt>
          <dd>
            <Link to={`/compare?a=${before.runId}&b=${newest.runId}`}>compare</Link>
          </dd>
        </div>
      )}
    </dl>
  );
}
