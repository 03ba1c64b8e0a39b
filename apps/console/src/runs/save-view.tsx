import { useState } from 'react';
import type { FormEvent } from 'react';

// Longer names would push the others out of sight.
const NAME_CHARACTERS_MAX = 30;

export type SaveViewProps = {
  readonly canShare: boolean;
  readonly onSave: (name: string, shared: boolean) => void;
};

/** Gives the filters of the page a name. */
export function SaveView({ canShare, onSave }: SaveViewProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onSave(name.trim(), shared);
    setName('');
    setShared(false);
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
      {canShare && name.trim() !== '' && (
        <label className="save-shared">
          <input
            type="checkbox"
            checked={shared}
            onChange={(event) => setShared(event.target.checked)}
          />
          for everybody
        </label>
      )}
      <button type="submit" className="button" disabled={name.trim() === ''}>
        Save view
      </button>
    </form>
  );
}
