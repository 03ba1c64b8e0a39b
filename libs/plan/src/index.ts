export { checkTypes, inDocument } from './check-types.ts';
export type { CheckedTypes, TypeCheck } from './check-types.ts';
export { compilePlan } from './compile-plan.ts';
export type { Plan, PlannedTask, PlanSource } from './compile-plan.ts';
export { runGraphOf } from './run-graph.ts';
