import type { Run, RunReport } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Elapsed, Instant } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatCount } from '../format/quantity.ts';
import { runPath, setQueryFields, useAddress } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { SourceDiff } from '../workflow/source-diff.tsx';
import { CompareTasks } from './compare-tasks.tsx';
import { differingParameters } from './compare-runs.ts';
import { ChooseRuns } from './choose-runs.tsx';

/** Two runs side by side: what differs. */
export function ComparePage() {
  const search = useAddress().searchParams;
  const [a, b] = [search.get('a') ?? '', search.get('b') ?? ''];
  return (
    <div className="page">
      <h1>Compare two runs</h1>
      <ChooseRuns a={a} b={b} />
      {a !== '' && b !== '' ? <Comparison a={a} b={b} /> : <Unchosen />}
    </div>
  );
}

function Unchosen() {
  return (
    <section className="empty">
      <h2>Why was it slower today?</h2>
      <p>
        Choose two runs: here stand the parameters that differ, how long each task took in both, how
        many rows it gave, and what changed in the document between their versions.
      </p>
      <p className="muted">A run has a button to compare it, a workflow one for its last two.</p>
    </section>
  );
}

type Side = { readonly run: Run; readonly report: RunReport; readonly source: string };

async function loadSide(runId: string): Promise<Side> {
  const [run, report] = await Promise.all([floe.getRun(runId), floe.getRunReport(runId)]);
  const { version } = await floe.getWorkflow(run.workflowName, { version: run.workflowVersion });
  return { run, report, source: version?.source ?? '' };
}

function Comparison({ a, b }: { readonly a: string; readonly b: string }) {
  const answer = useAnswer({
    key: `compare ${a} ${b}`,
    call: () => Promise.all([loadSide(a), loadSide(b)]),
  });
  return (
    <Answered answer={answer} what="the two runs">
      {([left, right]) => (
        <>
          <div className="compare-heads">
            <RunHead name="A" side={left} />
            <RunHead name="B" side={right} />
          </div>
          <Parameters a={left.run} b={right.run} />
          <CompareTasks a={left.report} b={right.report} />
          {left.source !== right.source && (
            <section className="card" aria-labelledby="source-title">
              <header className="card-head">
                <h2 id="source-title">The document</h2>
                <span className="muted">
                  @{left.run.workflowVersion} to @{right.run.workflowVersion}
                </span>
              </header>
              <SourceDiff before={left.source} after={right.source} label="The document" />
            </section>
          )}
        </>
      )}
    </Answered>
  );
}

function RunHead({ name, side: { run, report } }: { readonly name: string; readonly side: Side }) {
  return (
    <section className="card" aria-label={`Run ${name}`}>
      <header className="card-head">
        <h2>
          {name}: <Link to={runPath(run.runId)}>{run.workflowName}</Link>
          <span className="muted">@{run.workflowVersion}</span>
        </h2>
        <StateBadge state={run.state} />
      </header>
      <dl className="facts card-body">
        <div>
          <dt>Started</dt>
          <dd>
            <Instant at={run.createTime} />
          </dd>
        </div>
        <div>
          <dt>Duration</dt>
          <dd>
            <Elapsed start={run.createTime} end={run.endTime} />
          </dd>
        </div>
        <div>
          <dt>Rows in</dt>
          <dd>{formatCount(report.rowsExtracted)}</dd>
        </div>
        <div>
          <dt>Rows loaded</dt>
          <dd>{formatCount(report.rowsLoaded)}</dd>
        </div>
        <div>
          <dt>Attempts</dt>
          <dd>{report.attemptCount}</dd>
        </div>
      </dl>
    </section>
  );
}

function Parameters({ a, b }: { readonly a: Run; readonly b: Run }) {
  const rows = differingParameters(a.parameters, b.parameters);
  return (
    <section className="card" aria-labelledby="parameters-title">
      <header className="card-head">
        <h2 id="parameters-title">Parameters that differ</h2>
        <div className="card-tools">
          <button
            type="button"
            className="button"
            onClick={() => setQueryFields({ a: b.runId, b: a.runId })}
          >
            Swap A and B
          </button>
        </div>
      </header>
      {rows.length === 0 ? (
        <p className="muted card-body">None does.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td>
                  <code>{row.a}</code>
                </td>
                <td>
                  <code>{row.b}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
