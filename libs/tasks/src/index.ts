export { TASK_TYPES } from './registry.ts';
