import type { Violation } from '@floe/errors';
import { checkTypes } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { readWorkflow, type Workflow } from '@floe/workflow';
import { CHECK_MS } from '../limits.ts';
import type { RpcContext } from '../rpc/context.ts';
import type { TaskSchemas } from '../rpc/workflow-message.ts';
import { checkLoads } from './check-loads.ts';
import { describeExtracts } from './describe-extracts.ts';
import { findConnections } from './find-connections.ts';
import type { Outside } from './find-lineage.ts';

export type CheckedDocument = {
  readonly workflow: Workflow;
  readonly schemas: TaskSchemas;
  /** What is known of the databases, for lineage. */
  readonly outside: Outside;
  /** What keeps the document from being applied. */
  readonly violations: readonly Violation[];
  /** What could not be checked. */
  readonly warnings: readonly Violation[];
};

/**
 * Everything that can be known of a document before it runs: its form, its connections, what databases say of its
 * queries, the columns from task to task, and whether the tables can take them. Databases get five seconds in all;
 * one that does not answer is a warning. All that is wrong is found at once. Throws what `readWorkflow` throws.
 */
export async function checkDocument(context: RpcContext, text: string): Promise<CheckedDocument> {
  const read = readWorkflow(text, { taskTypes: TASK_TYPES });
  const { workflow, source, unclear, violations } = read;
  const connections = await findConnections(context, read);
  const asking = {
    workflow,
    source,
    unclear,
    connections: connections.rows,
    signal: AbortSignal.timeout(CHECK_MS),
  };
  const extracts = await describeExtracts(asking);
  const types = checkTypes(workflow, {
    taskTypes: TASK_TYPES,
    described: new Map([...extracts.byTask].map(([id, { schema }]) => [id, schema])),
    source,
    unclear,
  });
  const loads = await checkLoads(asking, types.schemas);
  return {
    workflow,
    schemas: Object.fromEntries(types.schemas),
    outside: { connections: connections.rows, extracts: extracts.byTask, loads: loads.byTask },
    violations: [
      ...violations,
      ...connections.violations,
      ...extracts.violations,
      ...types.violations,
      ...loads.violations,
    ],
    warnings: [...extracts.warnings, ...loads.warnings],
  };
}
