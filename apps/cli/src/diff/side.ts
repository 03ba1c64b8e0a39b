import type { Workflow } from '@floe/workflow';

export type Column = { readonly name: string; readonly type: string };

/** One of the two that are compared. */
export type Side = {
  /** How a person calls it: `late-flights v3`, `late-flights.yaml`. */
  readonly label: string;
  /** In its normal form, with all defaults. */
  readonly workflow: Workflow;
  /** The columns of each task's dataset, as far as they are known. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
};
