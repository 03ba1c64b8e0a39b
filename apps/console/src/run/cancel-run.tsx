import { useState } from 'react';
import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';

/** Asks before it cancels; what becomes of the run comes by its stream of events. */
export function CancelRun({ run }: { readonly run: Run }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <Icon name="stop" />
        Cancel run
      </button>
      {isOpen && <CancelDialog run={run} onClose={() => setOpen(false)} />}
    </>
  );
}

type CancelDialogProps = { readonly run: Run; readonly onClose: () => void };

function CancelDialog({ run, onClose }: CancelDialogProps) {
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const cancel = () => {
    setSending(true);
    floe.cancelRun(run.runId, { reason: 'cancelled in the console' }).then(onClose, (thrown) => {
      setError(thrown);
      setSending(false);
    });
  };
  return (
    <Dialog title={`Cancel this run of ${run.workflowName}?`} onClose={onClose}>
      <p>
        Waiting tasks stop at once, running ones within two seconds. What was loaded before stays.
      </p>
      {error !== undefined && <ProblemBanner title="The run goes on." error={error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Keep running
        </button>
        <button type="button" className="button danger" disabled={isSending} onClick={cancel}>
          {isSending ? 'Cancelling …' : 'Cancel run'}
        </button>
      </div>
    </Dialog>
  );
}
