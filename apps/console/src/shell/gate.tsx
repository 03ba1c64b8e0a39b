import type { ReactNode } from 'react';
import { floe } from '../api.ts';
import { isUnauthenticated, toMessage } from '../problem.ts';
import { useAnswer } from '../use-answer.ts';
import { SignIn } from './sign-in.tsx';

/** Lets pages be opened, unless the gateway asks for a token and this browser has none that counts. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { error } = useAnswer({ key: 'caller', call: () => floe.getCaller() });
  if (isUnauthenticated(error)) return <SignIn reason={toMessage(error).message} />;
  return children;
}
