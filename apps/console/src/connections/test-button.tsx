import { useState } from 'react';
import { floe } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { toMessage } from '../problem.ts';

type Outcome =
  | { readonly kind: 'untried' | 'trying' }
  | { readonly kind: 'good'; readonly text: string }
  | { readonly kind: 'bad'; readonly text: string };

export type TestButtonProps = { readonly name: string; readonly onDeleted: () => void };

/** Logs in to the database and says how it went; beside it, deleting, which asks once more. */
export function TestButton({ name, onDeleted }: TestButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'untried' });
  const [isSure, setSure] = useState(false);
  const fail = (thrown: unknown) => {
    const { message, hint } = toMessage(thrown);
    setOutcome({ kind: 'bad', text: `${message} ${hint}` });
  };
  const test = () => {
    setOutcome({ kind: 'trying' });
    floe
      .testConnection(name)
      .then(
        ({ serverVersion, latencyMs }) =>
          setOutcome({ kind: 'good', text: `${serverVersion}, ${latencyMs.toFixed(1)} ms` }),
        fail,
      );
  };
  const remove = () => {
    if (isSure) floe.deleteConnection(name).then(onDeleted, fail);
    else setSure(true);
  };
  return (
    <div className="connection-test">
      <button type="button" className="button" disabled={outcome.kind === 'trying'} onClick={test}>
        Test<span className="visually-hidden"> {name}</span>
      </button>
      <button
        type="button"
        className={isSure ? 'button danger' : 'button'}
        onBlur={() => setSure(false)}
        onClick={remove}
      >
        {isSure ? `Really delete ${name}` : 'Delete'}
      </button>
      <span role="status">
        {outcome.kind === 'trying' && <span className="muted">Logging in …</span>}
        {(outcome.kind === 'good' || outcome.kind === 'bad') && (
          <span className="state" data-tone={outcome.kind}>
            <Icon name={outcome.kind === 'good' ? 'check' : 'cross'} />
            <span className="connection-outcome">{outcome.text}</span>
          </span>
        )}
      </span>
    </div>
  );
}
