export { bindParameters } from './bind-parameters.ts';
export { canonicalJson } from './canonical-json.ts';
export { checkContract } from './check-contract.ts';
export { documentSchema } from './document-schema.ts';
export type { JsonSchema } from './document-schema.ts';
export { resourceNameField, TASK_FIELD_NAMES } from './document-schema-parts.ts';
export { durationField } from './duration-field.ts';
export { parseMemoryBytes } from './memory-size.ts';
export { formatDuration, parseDurationMs } from './duration.ts';
export { documentInvalid, inOrder } from './findings.ts';
export { LABEL_COUNT_MAX } from './limits.ts';
export {
  IDENTIFIER,
  isReservedName,
  LABEL,
  mendIdentifier,
  RESOURCE_NAME,
  RESOURCE_NAME_RULE,
} from './names.ts';
export { readItemValue } from './parameter-value.ts';
export { readNoticeRules } from './parse-notify.ts';
export { parseWorkflow, readWorkflow, readWorkflowValue } from './parse-workflow.ts';
export type { ParsedWorkflow, ReadWorkflow } from './parse-workflow.ts';
export { makesNothing, traitsOf } from './task-definition.ts';
export type {
  ConnectionKind,
  FusionPlace,
  Mendable,
  SchemaContext,
  TaskDefinition,
  TaskTraits,
  TaskTypeRegistry,
} from './task-definition.ts';
export { placeInDocument } from './text-source.ts';
export type { SourceMap, TextSource } from './text-source.ts';
export { parameterOf, parameterReference, parametersIn, referencesIn } from './references.ts';
export { renderKey } from './render-key.ts';
export { ITEM_PARAMETER, PARAMETER_TYPES } from './workflow.ts';
export type {
  Cache,
  Concurrency,
  ConflictPolicy,
  Foreach,
  ParameterSpec,
  ParameterType,
  Partitions,
  RetryPolicy,
  Task,
  Trigger,
  Workflow,
} from './workflow.ts';
