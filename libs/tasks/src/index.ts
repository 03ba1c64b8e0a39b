export { TASK_TYPES } from './registry.ts';
export { taskPackagesIn } from './packages/task-packages-in.ts';
export { useTaskPackages } from './packages/use-task-packages.ts';
export { FUSION_RULES } from './fusion-rules.ts';
export { PUSHED_FIELD } from './postgres_extract/pushed-field.ts';
