import type { Run } from '@floe/client';
import { CopyButton } from '../components/copy-button.tsx';
import { JaegerLink } from '../components/jaeger-link.tsx';
import { RunOrigin } from '../components/run-origin.tsx';

export type TraceHeadProps = { readonly run: Run; readonly spanCount: number };

/** The trace as others know it: its id, what it links to, and where all of it can be seen. */
export function TraceHead({ run, spanCount }: TraceHeadProps) {
  const { traceId } = run;
  const isLinked = run.retryOfRunId !== '' || run.parentRunId !== '';
  return (
    <header className="card-head">
      <h2 id="trace-title">Trace</h2>
      <span className="muted">
        {spanCount} {spanCount === 1 ? 'span' : 'spans'}
      </span>
      {isLinked && (
        <span className="muted">
          linked: <RunOrigin run={run} />
        </span>
      )}
      {traceId !== '' && (
        <span className="card-tools">
          <code>{traceId}</code>
          <CopyButton text={traceId} label="Copy the whole trace id" />
          <JaegerLink run={run} />
        </span>
      )}
    </header>
  );
}
