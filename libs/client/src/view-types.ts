import type { PageOptions } from './page-options.ts';

/** A page of the console with its filters, kept by name. */
export type View = NewView & {
  readonly viewId: string;
  readonly shared: boolean;
  /** Who saved it: `token:NAME`, or `local` where no token is needed. */
  readonly owner: string;
  readonly updateTime: string;
};

/** A view to be saved. */
export type NewView = {
  /** A view of the caller that has this name is replaced. */
  readonly name: string;
  /** Path and query within the console, like `/runs?state=failed`. */
  readonly address: string;
  /** Whether every caller that may see all workflows sees it. */
  readonly shared?: boolean;
};

/** A page of saved views. */
export type ViewPage = { readonly views: readonly View[]; readonly nextPageToken: string };

export type ViewClient = {
  /** Those of the caller and those that others share, newest first. */
  listViews(options?: PageOptions): Promise<ViewPage>;
  getView(viewId: string): Promise<View>;
  saveView(view: NewView): Promise<View>;
  deleteView(viewId: string): Promise<View>;
};
