import { useEffect, useEffectEvent } from 'react';

export type Shortcuts = Readonly<Record<string, () => void>>;

/** Single keys that act anywhere but in fields, dialogs, and together with a modifier. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const action = Object.hasOwn(shortcuts, event.key) ? shortcuts[event.key] : undefined;
    if (action === undefined) return;
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
    target instanceof Element && target.closest('input, select, textarea, dialog[open]') !== null
  );
}

/** Focuses the link of the next or previous row of a table that is marked as a list of rows. */
export function moveRowFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-rows] [data-row]')];
  const current = rows.findIndex((row) => row === document.activeElement);
  const next = current === -1 && step === -1 ? rows.length - 1 : current + step;
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}
