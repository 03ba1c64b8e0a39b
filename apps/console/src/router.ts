import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly runId: string }
  | { readonly page: 'missing'; readonly path: string };

const RUN_PATH = /^\/runs\/([^/]+)\/?$/;

/** The page of a path. */
export function matchRoute(path: string): Route {
  if (path === '/' || path === '/runs' || path === '/runs/') return { page: 'runs' };
  const runId = RUN_PATH.exec(path)?.[1];
  return runId === undefined ? { page: 'missing', path } : { page: 'run', runId: decode(runId) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoded text: the server will say that it knows no such run.
    return text;
  }
}

// pushState tells nobody, so what changes the address says it here.
const CHANGED = 'floe:navigate';

/** Goes to an address of the console; `replace` keeps it out of the history. */
export function navigate(address: string, mode: 'push' | 'replace' = 'push'): void {
  if (mode === 'push') globalThis.history.pushState(null, '', address);
  else globalThis.history.replaceState(null, '', address);
  globalThis.dispatchEvent(new Event(CHANGED));
}

/** Path and query, as they change. */
export function useAddress(): URL {
  const href = useSyncExternalStore(subscribe, () => globalThis.location.href);
  return new URL(href);
}

/** Sets or removes one field of the query in place. */
export function setQueryField(name: string, value: string): void {
  const url = new URL(globalThis.location.href);
  if (value === '') url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  navigate(`${url.pathname}${url.search}`, 'replace');
}

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener('popstate', listener);
  globalThis.addEventListener(CHANGED, listener);
  return () => {
    globalThis.removeEventListener('popstate', listener);
    globalThis.removeEventListener(CHANGED, listener);
  };
}
