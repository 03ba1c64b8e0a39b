import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: PlainPage }
  | { readonly page: 'run'; readonly runId: string }
  | { readonly page: 'workflow'; readonly name: string }
  | { readonly page: 'editor'; readonly name: string }
  | { readonly page: 'view'; readonly viewId: string }
  | { readonly page: 'missing'; readonly path: string };

export type PlainPage = keyof typeof PLAIN_PATHS;

/** The pages that need nothing but their path. */
export const PLAIN_PATHS = {
  overview: '/',
  runs: '/runs',
  workflows: '/workflows',
  schedules: '/schedules',
  lineage: '/lineage',
  executors: '/executors',
  connections: '/connections',
  compare: '/compare',
  settings: '/settings',
} as const;

const PAGE_OF_PATH = new Map<string, PlainPage>(
  Object.entries(PLAIN_PATHS).map(([page, path]) => [path, page as PlainPage]),
);
const ONE_PATH = /^\/(runs|workflows|edit|views)\/([^/]+)$/;

/** The page of a path. */
export function matchRoute(path: string): Route {
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const page = PAGE_OF_PATH.get(plain);
  if (page !== undefined) return { page };
  if (plain === '/edit') return { page: 'editor', name: '' };
  const [, kind, coded] = ONE_PATH.exec(plain) ?? [];
  if (coded === undefined) return { page: 'missing', path };
  const name = decode(coded);
  if (kind === 'runs') return { page: 'run', runId: name };
  if (kind === 'views') return { page: 'view', viewId: name };
  return kind === 'edit' ? { page: 'editor', name } : { page: 'workflow', name };
}

export const runPath = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
export const viewPath = (viewId: string): string => `/views/${encodeURIComponent(viewId)}`;
export const workflowPath = (name: string): string => `/workflows/${encodeURIComponent(name)}`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoded text: the server will say that it knows no such thing.
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

/** A field of the query, or empty. */
export function useQueryField(name: string): string {
  return useAddress().searchParams.get(name) ?? '';
}

/** Sets or removes one field of the query in place. */
export function setQueryField(name: string, value: string): void {
  setQueryFields({ [name]: value });
}

/** Sets fields of the query in place; an empty value removes its field. */
export function setQueryFields(
  fields: Readonly<Record<string, string>>,
  mode: 'push' | 'replace' = 'replace',
): void {
  const url = new URL(globalThis.location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  navigate(`${url.pathname}${url.search}`, mode);
}

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener('popstate', listener);
  globalThis.addEventListener(CHANGED, listener);
  return () => {
    globalThis.removeEventListener('popstate', listener);
    globalThis.removeEventListener(CHANGED, listener);
  };
}
