import type { RunReport, RunUpdate } from '@floe/client';
import { withUpdates } from './run-model.ts';
import type { RunModel } from './run-model.ts';

/** How the page is connected to the changes of the run. */
export type Connection = 'opening' | 'live' | 'reconnecting' | 'broken' | 'ended';

export type RunView = {
  /** Undefined until the run was read. */
  readonly model: RunModel | undefined;
  /** The numbers of an ended run. */
  readonly report: RunReport | undefined;
  readonly connection: Connection;
  /** Why the connection is broken or is being made again. */
  readonly error: unknown;
};

export type RunChange =
  | { readonly kind: 'loaded'; readonly model: RunModel; readonly report?: RunReport }
  | { readonly kind: 'updated'; readonly updates: readonly RunUpdate[] }
  | { readonly kind: 'reconnecting' | 'broken'; readonly error: unknown };

export const NOT_LOADED: RunView = {
  model: undefined,
  report: undefined,
  connection: 'opening',
  error: undefined,
};

/** The view after a change. */
export function changeView(view: RunView, change: RunChange): RunView {
  switch (change.kind) {
    case 'loaded': {
      const { model, report } = change;
      const connection = report === undefined ? 'live' : 'ended';
      return { model, report, connection, error: undefined };
    }
    case 'updated': {
      const { model } = view;
      const next = model === undefined ? model : withUpdates(model, change.updates);
      return { ...view, model: next, connection: 'live', error: undefined };
    }
    case 'reconnecting':
    case 'broken':
      return { ...view, connection: change.kind, error: change.error };
  }
}
