import { sentence } from '../problem.ts';
import { TokenForm } from './token-form.tsx';

/** Asks for a token, where the gateway lets nobody in without. */
export function SignIn({ reason }: { readonly reason: string }) {
  return (
    <section className="empty">
      <h1>This Floe asks for a token</h1>
      <p>{sentence(reason)}</p>
      <TokenForm />
      <p className="muted">
        The first one lies in the state folder, in the file <code>first-admin-token</code>. Others
        are made under Settings, or with <code>floe tokens create</code>.
      </p>
    </section>
  );
}
