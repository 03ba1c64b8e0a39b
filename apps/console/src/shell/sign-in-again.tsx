import { useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { sentence } from '../problem.ts';
import { TokenForm } from './token-form.tsx';

/** Over a page that goes on when somebody has signed in again. Put aside, it stays in sight: nothing is up to date. */
export function SignInAgain({ reason }: { readonly reason: string }) {
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <div className="banner signed-out" role="status">
        <Icon name="lost" />
        <p>
          <strong>You are signed out.</strong> {sentence(reason)} Nothing here is brought up to
          date, and nothing can be sent.
        </p>
        <button type="button" className="button primary" onClick={() => setOpen(true)}>
          Sign in again
        </button>
      </div>
      {isOpen && (
        <Dialog title="Sign in again" onClose={() => setOpen(false)}>
          <p>{sentence(reason)}</p>
          <p>The page stays as it is, with all that you have written, and goes on from there.</p>
          <TokenForm />
          <p>
            <button type="button" className="text-button" onClick={() => setOpen(false)}>
              Look at the page first
            </button>
          </p>
        </Dialog>
      )}
    </>
  );
}
