import { useState } from 'react';
import type { FormEvent } from 'react';
import { changeToken } from '../own-token.ts';

/** Asks for a token, where the gateway lets nobody in without. */
export function SignIn({ reason }: { readonly reason: string }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changeToken(token.trim());
  };
  return (
    <section className="empty">
      <h1>This Floe asks for a token</h1>
      <p>{reason}</p>
      <form className="filter" onSubmit={submit}>
        <input
          type="password"
          className="wide"
          aria-label="Token"
          placeholder="Token"
          autoComplete="current-password"
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button type="submit" className="button primary">
          Come in
        </button>
      </form>
      <p className="muted">
        The first one lies in the state folder, in the file <code>first-admin-token</code>. Others
        are made under Settings, or with <code>floe tokens create</code>.
      </p>
    </section>
  );
}
