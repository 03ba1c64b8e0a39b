import type { FusionRules } from '@floe/plan';
import { TASK_TYPES } from './registry.ts';

/** Which tasks can be one Polars plan with others, as their types say. */
export const FUSION_RULES: FusionRules = ({ type, config, inputs }) => {
  try {
    return TASK_TYPES.get(type)?.fusion?.({ config, inputs }) ?? 'nowhere';
  } catch {
    // A text that this version cannot read is left to a worker, which says so.
    return 'nowhere';
  }
};
