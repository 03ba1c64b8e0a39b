/**
 * Views of the runs that somebody has given a name. The gateway keeps them for its caller; one without a database keeps
 * none, and then they lie in this browser.
 */
import { useState } from 'react';
import type { View } from '@floe/client';
import { floe } from '../api.ts';
import { useAnswer } from '../use-answer.ts';
import { isRunsAddress, saveViews, useSavedViews, withView, withoutView } from './saved-views.ts';
import type { SavedView } from './saved-views.ts';

export type KeptView = SavedView & {
  /** Empty for one that lies in this browser. */
  readonly viewId: string;
  readonly shared: boolean;
  /** Of somebody else; empty for one's own. */
  readonly by: string;
};

export type Views = {
  /** By name. */
  readonly views: readonly KeptView[];
  /** Whether others can be shown them. */
  readonly canShare: boolean;
  /** Why something was not done. */
  readonly error: unknown;
  readonly save: (view: SavedView & { readonly shared: boolean }) => void;
  readonly forget: (view: KeptView) => void;
};

// A gateway gives no more at once; a bar above a list shows fewer.
const VIEWS_MAX = 500;

export function useViews(): Views {
  const inBrowser = useSavedViews();
  const caller = useAnswer({ key: 'caller', call: () => floe.getCaller() }).value;
  const kept = useAnswer({
    key: 'views',
    call: async () => (await floe.listViews({ pageSize: VIEWS_MAX })).views,
  });
  const [error, setError] = useState<unknown>(undefined);
  const canShare = !isWithoutPlace(kept.error);
  const change = (call: Promise<unknown>) =>
    void call.then(() => {
      setError(undefined);
      kept.reload();
    }, setError);
  return {
    views: [
      ...inBrowser.map((view) => ({ ...view, viewId: '', shared: false, by: '' })),
      ...(kept.value ?? []).map((view) => keptView(view, caller?.actor ?? '')),
    ]
      .filter(({ address }) => isRunsAddress(address))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    canShare,
    // That the gateway does not answer the list below says already.
    error,
    save: ({ name, address, shared }) =>
      canShare
        ? change(floe.saveView({ name, address, shared }))
        : saveViews(withView(inBrowser, { name, address })),
    forget: ({ viewId, name }) =>
      viewId === '' ? saveViews(withoutView(inBrowser, name)) : change(floe.deleteView(viewId)),
  };
}

function keptView({ viewId, name, address, shared, owner }: View, actor: string): KeptView {
  return { viewId, name, address, shared, by: owner === actor ? '' : owner };
}

/** The gateway has no database of its own. */
function isWithoutPlace(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, 'code') === 'TOKENS_UNAVAILABLE';
}
