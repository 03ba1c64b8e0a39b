export { TASK_STATES } from './condition.ts';
export type { Comparison, Condition, Operand, ValueKind } from './condition.ts';
export { evaluateCondition } from './evaluate-condition.ts';
export type { ConditionFacts } from './evaluate-condition.ts';
export { CONDITION_LENGTH_MAX } from './limits.ts';
export { parseCondition } from './parse-condition.ts';
export type { ParsedCondition } from './parse-condition.ts';
export type { ConditionProblem } from './problem.ts';
export type { ConditionScope, ParameterKind } from './read-operand.ts';
