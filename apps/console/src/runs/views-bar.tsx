import { useState } from 'react';
import type { FormEvent } from 'react';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { isForAll, runsAddress, toCommand } from './runs-query.ts';
import type { RunsQuery } from './runs-query.ts';
import { saveViews, useSavedViews, withView, withoutView } from './saved-views.ts';

// Longer names would push the others out of sight.
const NAME_CHARACTERS_MAX = 30;

/** Filters that were given a name, and how to keep this one. */
export function ViewsBar({ query }: { readonly query: RunsQuery }) {
  const views = useSavedViews();
  const here = runsAddress(query);
  const isSaved = views.some(({ address }) => address === here);
  if (views.length === 0 && isForAll(query)) return null;
  return (
    <div className="views" role="group" aria-label="Saved views">
      {views.map(({ name, address }) => (
        <span key={name} className="view" data-here={address === here}>
          <Link to={address}>{name}</Link>
          <button
            type="button"
            className="icon-button"
            title={`Forget the view ${name}`}
            onClick={() => saveViews(withoutView(views, name))}
          >
            <Icon name="close" />
            <span className="visually-hidden">Forget the view {name}</span>
          </button>
        </span>
      ))}
      {!isForAll(query) && !isSaved && (
        <SaveView onSave={(name) => saveViews(withView(views, { name, address: here }))} />
      )}
      <span className="muted view-command">
        <code>{toCommand(query)}</code>
        <CopyButton text={toCommand(query)} label="Copy the command that lists the same" />
      </span>
    </div>
  );
}

function SaveView({ onSave }: { readonly onSave: (name: string) => void }) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onSave(name.trim());
    setName('');
  };
  return (
    <form className="save-view" onSubmit={submit}>
      <input
        aria-label="Name of the view"
        placeholder="Name this view …"
        maxLength={NAME_CHARACTERS_MAX}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button" disabled={name.trim() === ''}>
        Save view
      </button>
    </form>
  );
}
