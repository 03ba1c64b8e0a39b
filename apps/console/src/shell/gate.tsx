import type { ReactNode } from 'react';
import { floe } from '../api.ts';
import { useSession } from '../session.ts';
import { useAnswer } from '../use-answer.ts';
import { SignInAgain } from './sign-in-again.tsx';
import { SignIn } from './sign-in.tsx';

/**
 * Lets pages be opened, unless the gateway asks for a token and this browser has none that counts. A page that is open
 * already stays: it has what somebody was looking at, or has written.
 */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { refusal, hasBeenIn } = useSession();
  useAnswer({ key: 'caller', call: () => floe.getCaller() });
  if (refusal !== undefined && !hasBeenIn) return <SignIn reason={refusal} />;
  return (
    <>
      {refusal !== undefined && <SignInAgain reason={refusal} />}
      {children}
    </>
  );
}
