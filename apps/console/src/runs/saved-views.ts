/** Views of the runs in this browser, for all its tabs: where the gateway has no place for them. */
import { useSyncExternalStore } from 'react';

export type SavedView = {
  readonly name: string;
  /** Of the page of runs. */
  readonly address: string;
};

const KEY = 'floe.views';
// More than fit above a list.
const VIEWS_MAX = 20;
const listeners = new Set<() => void>();
let kept: { readonly text: string; readonly views: readonly SavedView[] } = { text: '', views: [] };

/** The views in a text; what is none is left out. */
export function parseViews(text: string): readonly SavedView[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isView).slice(0, VIEWS_MAX) : [];
  } catch {
    // Something else has written there.
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, address } = value as Partial<SavedView>;
  return typeof name === 'string' && typeof address === 'string' && isRunsAddress(address);
}

/** Whether it is of the page of runs, as the bar above them wants it. */
export const isRunsAddress = (address: string): boolean => /^\/runs(\?|$)/.test(address);

/** The views with one more, in the place of one of the same name. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...withoutView(views, view.name), view].slice(-VIEWS_MAX);
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => view.name !== name);
}

export function useSavedViews(): readonly SavedView[] {
  return useSyncExternalStore(subscribe, readViews);
}

export function saveViews(views: readonly SavedView[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // Storage may be switched off: then nothing is kept, and the address still can be.
  }
  for (const listener of listeners) listener();
}

/** The same list as long as the text is the same. */
function readViews(): readonly SavedView[] {
  const text = readText();
  if (text !== kept.text) kept = { text, views: parseViews(text) };
  return kept.views;
}

function readText(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener('storage', listener);
  };
}
