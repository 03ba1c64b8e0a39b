import type { FramePlan } from '@floe/expression';

/** A file, or several, with as many rows, or what an earlier step of the stage makes. */
export type StageInput =
  | { readonly path: string | readonly string[]; readonly rows: number }
  | { readonly step: number };

export type StageStep = {
  readonly plan: FramePlan;
  readonly inputs: Readonly<Record<string, StageInput>>;
};
