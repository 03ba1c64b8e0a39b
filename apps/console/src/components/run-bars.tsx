import type { Run } from '@floe/client';
import { elapsedMs, formatDuration } from '../format/duration.ts';
import { markOf } from '../state/state-mark.ts';
import { Link } from './link.tsx';
import { serverNow } from '../server-clock.ts';

// What fits beside a name in a table.
const BARS_MAX = 24;
// Lower ones could not be pointed at.
const HEIGHT_MIN = 15;

export type RunBarsProps = {
  readonly runs: readonly Run[];
  /** What to say where there is none. */
  readonly none?: string;
};

/** The last runs of a workflow, oldest first: as high as they were long, coloured by how they ended. Leads to them. */
export function RunBars({ runs, none = 'no runs' }: RunBarsProps) {
  const bars = runs
    .slice(0, BARS_MAX)
    .toReversed()
    .map((run) => ({ run, ms: elapsedMs(run.createTime, run.endTime, serverNow()) ?? 0 }));
  const longest = Math.max(1, ...bars.map(({ ms }) => ms));
  const [newest] = runs;
  if (newest === undefined) return <span className="muted">{none}</span>;
  const name = newest.workflowName;
  return (
    <Link
      to={`/runs?workflow=${encodeURIComponent(name)}`}
      className="run-bars"
      aria-label={`Runs of ${name}; the newest: ${markOf(newest.state).word}`}
    >
      {bars.map(({ run, ms }) => (
        <span
          key={run.runId}
          data-tone={markOf(run.state).tone}
          title={`${markOf(run.state).word}, ${formatDuration(ms)}, ${run.createTime ?? ''}`}
          style={{ height: `${HEIGHT_MIN + (100 - HEIGHT_MIN) * (ms / longest)}%` }}
        />
      ))}
    </Link>
  );
}
