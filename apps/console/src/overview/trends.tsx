import type { Run } from '@floe/client';
import { Link } from '../components/link.tsx';
import { RunBars } from '../components/run-bars.tsx';
import { workflowPath } from '../router.ts';
import { countDays, trendsOf } from './days.ts';
import type { Day, WorkflowTrend } from './days.ts';
import { serverNow } from '../server-clock.ts';

const DAYS = 7;

/** How a week went: by day, and by workflow. */
export function Trends({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <div className="trends">
      <section className="card" aria-labelledby="days-title">
        <header className="card-head">
          <h2 id="days-title">Seven days</h2>
        </header>
        <DayBars days={countDays(runs, new Date(serverNow()), DAYS)} />
      </section>
      <section className="card" aria-labelledby="trends-title">
        <header className="card-head">
          <h2 id="trends-title">Workflows</h2>
          <span className="muted">last runs, oldest first; high is long</span>
        </header>
        <div className="table-frame">
          <table data-rows>
            <tbody>
              {trendsOf(runs).map((trend) => (
                <TrendRow key={trend.name} trend={trend} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}

function TrendRow({
  trend: { name, runs, badCount, endedCount },
}: {
  readonly trend: WorkflowTrend;
}) {
  return (
    <tr>
      <th scope="row">
        <Link to={workflowPath(name)} className="row-link" data-row>
          {name}
        </Link>
      </th>
      <td>
        <RunBars runs={runs} />
      </td>
      <td className="number">
        {badCount === 0 ? (
          <span className="muted">
            {endedCount === 0 ? `${runs.length} under way` : `${endedCount} good`}
          </span>
        ) : (
          <Link to={`/runs?workflow=${encodeURIComponent(name)}&state=failed&state=timed_out`}>
            {badCount} of {endedCount} failed
          </Link>
        )}
      </td>
    </tr>
  );
}

const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });

function DayBars({ days }: { readonly days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(({ good, bad, other }) => good + bad + other));
  const high = (count: number) => ({ height: `${(100 * count) / most}%` });
  return (
    <ul className="day-bars">
      {days.map(({ start, good, bad, other }) => (
        <li key={start.getTime()}>
          <span className="day-bar" aria-hidden="true">
            <span data-tone="live" style={high(other)} />
            <span data-tone="bad" style={high(bad)} />
            <span data-tone="good" style={high(good)} />
          </span>
          <span className="day-count">{good + bad + other}</span>
          <span className="muted">{WEEKDAY.format(start)}</span>
          <span className="visually-hidden">
            : {good} succeeded, {bad} failed, {other} other
          </span>
        </li>
      ))}
    </ul>
  );
}
