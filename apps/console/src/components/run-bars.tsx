import type { Run } from '@floe/client';
import { elapsedMs, formatDuration } from '../format/duration.ts';
import { runPath } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import { Link } from './link.tsx';

// What fits beside a name in a table.
const BARS_MAX = 24;
// Lower ones could not be pointed at.
const HEIGHT_MIN = 15;

/** The last runs, oldest first: as high as they were long, coloured by how they ended. Each leads to its run. */
export function RunBars({ runs }: { readonly runs: readonly Run[] }) {
  const bars = runs
    .slice(0, BARS_MAX)
    .toReversed()
    .map((run) => ({ run, ms: elapsedMs(run.createTime, run.endTime, Date.now()) ?? 0 }));
  const longest = Math.max(1, ...bars.map(({ ms }) => ms));
  if (bars.length === 0) return <span className="muted">no runs</span>;
  return (
    <span className="run-bars">
      {bars.map(({ run, ms }) => (
        <Link
          key={run.runId}
          to={runPath(run.runId)}
          className="run-bar"
          aria-label={`Run of ${run.createTime ?? ''}: ${markOf(run.state).word}`}
          title={`${markOf(run.state).word}, ${formatDuration(ms)}, ${run.createTime ?? ''}`}
        >
          <span
            data-tone={markOf(run.state).tone}
            style={{ height: `${HEIGHT_MIN + (100 - HEIGHT_MIN) * (ms / longest)}%` }}
          />
        </Link>
      ))}
    </span>
  );
}
