import type { Metric, Run } from '@floe/client';
import { Answered } from '../components/answered.tsx';
import { ArtifactBody } from '../data/artifact-body.tsx';
import { loadRunArtifacts } from '../data/load-artifacts.ts';
import { useAnswer } from '../use-answer.ts';
import { RunMetrics } from './run-metrics.tsx';

export type RunSummaryProps = { readonly run: Run; readonly metrics: readonly Metric[] };

/** What the run left of itself: its numbers, what it did in words, and how it stands among those before it. */
export function RunSummary({ run, metrics }: RunSummaryProps) {
  const { runId, state } = run;
  const answer = useAnswer({
    key: `artifacts ${runId} ${state}`,
    call: () => loadRunArtifacts(runId),
  });
  return (
    <Answered answer={answer} what="the artifacts">
      {(artifacts) => (
        <div className="run-summary">
          <RunMetrics metrics={metrics} />
          {artifacts.map(({ artifactId, title, kind }) => (
            <section key={artifactId} className="card" aria-label={title}>
              <header className="card-head">
                <h2>{title}</h2>
              </header>
              <div className="card-body">
                {/* What is made of a run that goes on is made anew with its state. */}
                <ArtifactBody key={state} artifactId={artifactId} title={title} kind={kind} />
              </div>
            </section>
          ))}
        </div>
      )}
    </Answered>
  );
}
