import { useEffect, useRef, useState } from 'react';
import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { Link } from '../components/link.tsx';
import { formatCount } from '../format/quantity.ts';
import { toMessage } from '../problem.ts';
import { runPath } from '../router.ts';
import { onEach } from './bulk-deed.ts';
import type { BulkDeed, BulkProgress } from './bulk-deed.ts';

export type BulkDialogProps = {
  readonly deed: BulkDeed;
  readonly runs: readonly Run[];
  readonly onClose: () => void;
  /** Called once it was done on all of them. */
  readonly onDone: () => void;
};

const WORDS = {
  cancel: {
    verb: 'Cancel',
    means:
      'Waiting tasks stop at once, running ones within two seconds. What was loaded before stays.',
    call: ({ runId }: Run) => floe.cancelRun(runId, { reason: 'cancelled in the console' }),
  },
  retry: {
    verb: 'Retry',
    means: 'Tasks that did not succeed are done again; the results of the others are used.',
    call: ({ runId }: Run) => floe.retryRun(runId),
  },
} as const;

/** Asks, does it, and says how far it is and what was refused. Closing it begins no more. */
export function BulkDialog({ deed, runs: given, onClose, onDone }: BulkDialogProps) {
  // Those that were asked about: what changes meanwhile is refused by itself.
  const [runs] = useState(given);
  const [progress, setProgress] = useState<BulkProgress>();
  const stopped = useRef<AbortController>(undefined);
  useEffect(() => () => stopped.current?.abort(), []);
  const { verb, means, call } = WORDS[deed];
  const title = `${verb} ${formatCount(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`;
  const begin = () => {
    const stop = new AbortController();
    stopped.current = stop;
    setProgress({ total: runs.length, done: 0, failures: [] });
    void onEach(runs, call, { signal: stop.signal, tell: setProgress });
  };
  const isDone = progress?.done === progress?.total;
  return (
    <Dialog title={`${title}?`} onClose={onClose}>
      <p>{means}</p>
      {progress !== undefined && <Progress progress={progress} />}
      <div className="dialog-actions">
        {progress === undefined ? (
          <>
            <button type="button" className="button" onClick={onClose}>
              Leave them
            </button>
            <button type="button" className="button primary" onClick={begin}>
              {title}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="button"
            onClick={() => {
              if (isDone) onDone();
              onClose();
            }}
          >
            {isDone ? 'Close' : 'Stop here'}
          </button>
        )}
      </div>
    </Dialog>
  );
}

// A list to read; what is behind it failed for the same reasons.
const FAILURES_SHOWN = 20;

function Progress({ progress: { done, total, failures } }: { readonly progress: BulkProgress }) {
  return (
    <>
      <progress value={done} max={total} aria-label="How far it is" />
      <p role="status">
        {formatCount(done - failures.length)} of {formatCount(total)} done
        {failures.length > 0 && `, ${formatCount(failures.length)} refused:`}
      </p>
      <ul className="bulk-failures">
        {failures.slice(0, FAILURES_SHOWN).map(({ run, error }) => (
          <li key={run.runId}>
            <Link to={runPath(run.runId)}>
              {run.workflowName} {run.runId.slice(-8)}
            </Link>{' '}
            <span className="muted">{toMessage(error).message}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
