import { useState } from 'react';
import type { FormEvent } from 'react';
import type { NewToken } from '@floe/client';
import { floe } from '../api.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { serverNow } from '../server-clock.ts';

const SCOPES: readonly (readonly [NewToken['scope'], string])[] = [
  ['read', 'read: look at everything'],
  ['run', 'run: and start and steer runs'],
  ['write', 'write: and change workflows'],
  ['admin', 'admin: and connections and tokens'],
];

const DAY_MS = 86_400_000;
const LIFETIMES: readonly (readonly [days: number, words: string])[] = [
  [0, 'for ever'],
  [7, 'for 7 days'],
  [30, 'for 30 days'],
  [90, 'for 90 days'],
  [365, 'for a year'],
];

/** Makes a token, and shows its secret this once. */
export function NewTokenForm({ onMade }: { readonly onMade: () => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<NewToken['scope']>('read');
  const [workflows, setWorkflows] = useState('');
  const [days, setDays] = useState(0);
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<unknown>(undefined);
  const make = async () => {
    const workflowNames = workflows.split(/[\s,]+/).filter((one) => one !== '');
    try {
      const expireTime = new Date(serverNow() + days * DAY_MS).toISOString();
      const until = days === 0 ? {} : { expireTime };
      const made = await floe.createToken({ name, scope, workflowNames, ...until });
      setSecret(made.secret);
      setError(undefined);
      setName('');
      onMade();
    } catch (thrown) {
      setError(thrown);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void make();
  };
  return (
    <section className="card" aria-labelledby="new-token-title">
      <header className="card-head">
        <h2 id="new-token-title">New token</h2>
      </header>
      <form className="filter card-body" onSubmit={submit}>
        <input
          aria-label="Name of the token"
          placeholder="Name, like ci"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <select
          aria-label="What it may do"
          value={scope}
          onChange={(event) =>
            setScope(SCOPES.find(([one]) => one === event.target.value)?.[0] ?? scope)
          }
        >
          {SCOPES.map(([one, means]) => (
            <option key={one} value={one}>
              {means}
            </option>
          ))}
        </select>
        <select
          aria-label="How long it holds"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {LIFETIMES.map(([count, words]) => (
            <option key={count} value={count}>
              {words}
            </option>
          ))}
        </select>
        <input
          className="wide"
          aria-label="Only these workflows"
          placeholder="Only these workflows, or all"
          value={workflows}
          onChange={(event) => setWorkflows(event.target.value)}
        />
        <button type="submit" className="button primary">
          Make it
        </button>
      </form>
      {error !== undefined && <ProblemBanner title="It was not made." error={error} />}
      {secret !== '' && (
        <p className="command card-body" role="status">
          <span className="muted">Its secret, shown this once:</span>
          <code>{secret}</code>
          <CopyButton text={secret} label="Copy the secret" />
        </p>
      )}
    </section>
  );
}
