export { bindParameters } from './bind-parameters.ts';
export { canonicalJson } from './canonical-json.ts';
export { documentSchema } from './document-schema.ts';
export type { JsonSchema } from './document-schema.ts';
export { durationField, resourceNameField } from './document-schema-parts.ts';
export { formatDuration, parseDurationMs } from './duration.ts';
export { documentInvalid } from './findings.ts';
export { RESOURCE_NAME, RESOURCE_NAME_RULE } from './names.ts';
export { parseWorkflow } from './parse-workflow.ts';
export type { ParsedWorkflow } from './parse-workflow.ts';
export type { SchemaContext, TaskDefinition, TaskTypeRegistry } from './task-definition.ts';
export { placeInDocument } from './text-source.ts';
export type { SourceMap, TextSource } from './text-source.ts';
export type {
  ParameterSpec,
  ParameterType,
  RetryPolicy,
  Task,
  Trigger,
  Workflow,
} from './workflow.ts';
