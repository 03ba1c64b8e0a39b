import type { LegacyNode } from './legacy-workflow.ts';
import type { Mapping, Rows } from './mapping.ts';

/** What a kind of transformation does to the rows that reach it. */
export type Made = {
  readonly methods: readonly string[];
  /** The columns after them; undefined where they are not known. */
  readonly columns: readonly string[] | undefined;
  /** Its own inputs, for what does not put them under each other. */
  readonly inputs?: readonly Rows[];
};

export type MakeMethods = (
  mapping: Mapping,
  node: LegacyNode,
  inputs: readonly Rows[],
) => Made | 'refused';
