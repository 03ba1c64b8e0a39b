import { useEffect, useEffectEvent } from 'react';

/** By key, or by two keys in sequence: `g r`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

// Longer than it takes to find the second key, shorter than until one has forgotten the first.
const SEQUENCE_MS = 1_200;

let first = { key: '', atMs: -SEQUENCE_MS };

/** Keys that act anywhere but in fields, dialogs, and together with a modifier. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const isSecond = event.timeStamp - first.atMs < SEQUENCE_MS && first.atMs !== event.timeStamp;
    const name = isSecond ? `${first.key} ${event.key}` : event.key;
    const action = Object.hasOwn(shortcuts, name) ? shortcuts[name] : undefined;
    if (action === undefined) {
      const isBegun = Object.keys(shortcuts).some((one) => one.startsWith(`${event.key} `));
      if (isBegun) first = { key: event.key, atMs: event.timeStamp };
      return;
    }
    first = { key: '', atMs: -SEQUENCE_MS };
    event.preventDefault();
    action();
  });
  useEffect(() => {
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
}

/** A key together with Ctrl or ⌘, which acts everywhere, also in fields. */
export function useCommandKey(key: string, action: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, select, textarea, dialog[open], [contenteditable="true"]') !== null
  );
}

/** Focuses the link of the next or previous row of a table that is marked as a list of rows. */
export function moveRowFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-rows] [data-row]')];
  const current = rows.findIndex((row) => row === document.activeElement);
  const next = current === -1 && step === -1 ? rows.length - 1 : current + step;
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}
