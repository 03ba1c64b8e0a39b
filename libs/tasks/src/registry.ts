import { FloeError } from '@floe/errors';
import type { TaskDefinition, TaskTypeRegistry } from '@floe/workflow';
import { check } from './check/definition.ts';
import { approval } from './approval/definition.ts';
import { expressionTransform } from './expression_transform/definition.ts';
import { fileExtract } from './file_extract/definition.ts';
import { fileLoad } from './file_load/definition.ts';
import { http } from './http/definition.ts';
import { noop } from './noop/definition.ts';
import { postgresExtract } from './postgres_extract/definition.ts';
import { postgresLoad } from './postgres_load/definition.ts';
import { postgresSql } from './postgres_sql/definition.ts';
import { sleep } from './sleep/definition.ts';
import { storeWorkflowMetadata } from './store_workflow_metadata/definition.ts';
import { unsupported } from './unsupported/definition.ts';
import { updateMetrics } from './update_metrics/definition.ts';
import { workflow } from './workflow/definition.ts';

const DEFINITIONS: readonly TaskDefinition[] = [
  postgresExtract,
  expressionTransform,
  postgresLoad,
  postgresSql,
  fileExtract,
  fileLoad,
  check,
  http,
  noop,
  sleep,
  approval,
  workflow,
  updateMetrics,
  storeWorkflowMetadata,
  unsupported,
];

const OWN = new Set(DEFINITIONS.map(({ type }) => type));
const types = new Map(DEFINITIONS.map((definition) => [definition.type, definition]));

/** All task types by name. Definitions only: nothing here loads Polars or a driver. */
export const TASK_TYPES: TaskTypeRegistry = types;

/**
 * Makes the types of packages known in this process, before anybody asks. Errors: CONFIGURATION_INVALID for the name of one
 * of Floe's own.
 */
export function addTaskTypes(definitions: readonly TaskDefinition[]): void {
  for (const definition of definitions) {
    const { type } = definition;
    if (OWN.has(type)) throw new FloeError('CONFIGURATION_INVALID', `${type} is a type of Floe`);
    types.set(type, definition);
  }
}
