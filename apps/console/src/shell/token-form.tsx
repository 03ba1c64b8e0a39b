import { useState } from 'react';
import type { FormEvent } from 'react';
import { sentence, toMessage } from '../problem.ts';
import { signIn } from '../session.ts';

/** Takes a token, and says what is wrong with it. */
export function TokenForm() {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const [isTrying, setTrying] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTrying(true);
    signIn(token.trim()).catch((thrown: unknown) => {
      setProblem(sentence(toMessage(thrown).message));
      setTrying(false);
    });
  };
  return (
    <form className="token-form" onSubmit={submit}>
      <input
        type="password"
        className="wide"
        aria-label="Token"
        aria-describedby="token-problem"
        aria-invalid={problem !== ''}
        placeholder="floe_…"
        autoComplete="current-password"
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <button type="submit" className="button primary" disabled={isTrying}>
        {isTrying ? 'Asking …' : 'Sign in'}
      </button>
      <p id="token-problem" role="alert" className="field-problem">
        {problem}
      </p>
    </form>
  );
}
