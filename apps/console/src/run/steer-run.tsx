import { useState } from 'react';
import type { Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { setQueryField, useQueryField } from '../router.ts';
import { hasEnded } from '../state/state-mark.ts';
import { useAnswer } from '../use-answer.ts';
import { StartRun } from '../workflow/start-run.tsx';
import { CancelRun } from './cancel-run.tsx';
import { RetryRun } from './retry-run.tsx';

/** What a person can do with a run. What becomes of it comes by its stream of events. */
export function SteerRun({
  run,
  tasks,
  onChanged,
}: {
  readonly run: Run;
  readonly tasks: readonly TaskRun[];
  readonly onChanged: () => void;
}) {
  const [error, setError] = useState<unknown>(undefined);
  const { runId, state } = run;
  const isEnded = hasEnded(state);
  const change = (call: Promise<unknown>) => void call.then(() => setError(undefined), setError);
  return (
    <div className="run-tools">
      <div className="page-tools">
        {!isEnded && state === 'RUN_STATE_PAUSED' && (
          <button type="button" className="button" onClick={() => change(floe.resumeRun(runId))}>
            <Icon name="play" />
            Resume
          </button>
        )}
        {(state === 'RUN_STATE_RUNNING' || state === 'RUN_STATE_QUEUED') && (
          <button type="button" className="button" onClick={() => change(floe.pauseRun(runId))}>
            <Icon name="pause" />
            Pause
          </button>
        )}
        {!isEnded && state !== 'RUN_STATE_CANCELLING' && <CancelRun run={run} />}
        {isEnded && state !== 'RUN_STATE_SUCCEEDED' && (
          <RetryRun run={run} tasks={tasks} fromTaskId="" onChanged={onChanged} />
        )}
        {isEnded && (
          <button type="button" className="button" onClick={() => setQueryField('again', '1')}>
            <Icon name="play" />
            Run again
          </button>
        )}
        <Link to={`/compare?b=${encodeURIComponent(runId)}`} className="button">
          Compare
        </Link>
      </div>
      {error !== undefined && <ProblemBanner title="It was not done." error={error} />}
      {useQueryField('again') !== '' && <RunAgain run={run} />}
    </div>
  );
}

function RunAgain({ run }: { readonly run: Run }) {
  const { workflowName: name, parameters } = run;
  const { value } = useAnswer({
    key: `workflow ${name} newest`,
    call: async () => (await floe.getWorkflow(name)).version,
  });
  if (value === undefined) return null;
  const close = () => setQueryField('again', '');
  return <StartRun version={value} initial={parameters} onClose={close} />;
}
