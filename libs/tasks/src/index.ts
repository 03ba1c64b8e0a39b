export { TASK_TYPES } from './registry.ts';
export { FUSION_RULES } from './fusion-rules.ts';
export { PUSHED_FIELD } from './postgres_extract/pushed-field.ts';
