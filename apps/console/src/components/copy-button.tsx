import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

// Long enough to be read, short enough to copy again.
const SHOWN_MS = 1_500;

/** Copies a text and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'' | 'copied' | 'not allowed'>('');
  useEffect(() => {
    if (outcome === '') return undefined;
    const timer = setTimeout(setOutcome, SHOWN_MS, '');
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('not allowed'),
    );
  };
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={copy}>
      {outcome === '' ? <Icon name="copy" /> : <span aria-live="polite">{outcome}</span>}
    </button>
  );
}
