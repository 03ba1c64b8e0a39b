export { TASK_TYPES } from './registry.ts';
export { FUSION_RULES } from './fusion-rules.ts';
