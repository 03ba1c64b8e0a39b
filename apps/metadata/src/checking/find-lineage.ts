import { parseTableName, type RelationName } from '@floe/database';
import { addressBelow } from '@floe/http';
import {
  anyColumn,
  lineageEdges,
  traceLineage,
  type DatasetLineage,
  type LineageEdge,
  type LineageSource,
  type WriteTarget,
} from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import type { ExtractDescription, LoadDescription } from '@floe/tasks/describe';
import { makesNothing, type Task, type TaskDefinition, type Workflow } from '@floe/workflow';
import type { ConnectionRow } from '../store/connections.ts';
import type { TaskSchemas } from '../rpc/workflow-message.ts';

/** What was found out about the databases that a workflow works with. */
export type Outside = {
  readonly connections: ReadonlyMap<string, ConnectionRow>;
  readonly extracts: ReadonlyMap<string, ExtractDescription>;
  readonly loads: ReadonlyMap<string, LoadDescription>;
};

type Checked = {
  readonly workflow: Workflow;
  readonly schemas: TaskSchemas;
  readonly outside: Outside;
};

/** The column lineage of a document in which nothing was found wrong. */
export function findLineage({ workflow, schemas, outside }: Checked): readonly LineageEdge[] {
  const lineage = traceLineage(workflow, {
    taskTypes: TASK_TYPES,
    schemas: new Map(Object.entries(schemas)),
    reads: new Map([
      ...addressesRead(workflow, schemas, outside),
      ...filesRead(workflow, schemas),
      ...tablesRead(workflow, outside),
    ]),
  });
  const writes = [
    ...addressesWritten(workflow, schemas, outside),
    ...filesWritten(workflow, schemas),
    ...tablesWritten(workflow, outside),
  ];
  return lineageEdges(workflow, lineage, new Map(writes));
}

/** Named after the server and not after the connection, so that workflows meet in a table whatever they call it. */
function tableDataset(connection: ConnectionRow, { schema, table }: RelationName): string {
  const { host, port, database } = connection;
  return `postgres://${host}:${port}/${database}/${schema}.${table}`;
}

function connectionOf(task: Task, { connections }: Outside): ConnectionRow | undefined {
  return connections.get(String(task.config['connection']));
}

function tablesRead(workflow: Workflow, outside: Outside): ReadonlyMap<string, DatasetLineage> {
  const reads = new Map<string, DatasetLineage>();
  for (const task of workflow.tasks) {
    const description = outside.extracts.get(task.id);
    const connection = connectionOf(task, outside);
    if (description === undefined || connection === undefined) continue;
    reads.set(
      task.id,
      readOf(description, (name) => tableDataset(connection, name)),
    );
  }
  return reads;
}

/** Plain columns are exact. What the SQL computes, and the rows that it chooses, may depend on all of its tables. */
function readOf(
  { schema, origins, relations }: ExtractDescription,
  datasetOf: (name: RelationName) => string,
): DatasetLineage {
  const anywhere = relations?.map((name) => anyColumn(datasetOf(name), 'opaque')) ?? [
    anyColumn('', 'unresolved'),
  ];
  const columns = schema.map(({ name }, index): DatasetLineage['columns'][number] => {
    const origin = origins[index];
    if (origin === undefined) return { name, sources: anywhere };
    return { name, sources: [asItIs(datasetOf(origin), origin.column)] };
  });
  return { columns, dependencies: anywhere.map((source) => ({ ...source, how: 'filter' })) };
}

function tablesWritten(workflow: Workflow, outside: Outside): ReadonlyMap<string, WriteTarget> {
  const writes = new Map<string, WriteTarget>();
  for (const task of workflow.tasks) {
    const connection = connectionOf(task, outside);
    if (task.type !== 'postgres_load' || connection === undefined) continue;
    const { table, columns } = outside.loads.get(task.id) ?? undescribed(task);
    writes.set(task.id, { dataset: tableDataset(connection, table), columns });
  }
  return writes;
}

/** A database that did not answer: its table by the name in the document, its columns not known. */
function undescribed({ config }: Task): LoadDescription {
  const { schema = 'public', table } = parseTableName(String(config['table']));
  return { table: { schema, table }, columns: undefined };
}

type FileTask = { readonly task: Task; readonly dataset: string };

/** Files by the path in the document, which counts from the same folder in every workflow. */
function fileTasks({ tasks }: Workflow, produces: TaskDefinition['produces']): readonly FileTask[] {
  return tasks.flatMap((task) => {
    const definition = TASK_TYPES.get(task.type);
    const path = definition?.produces === produces ? definition.file?.(task.config) : undefined;
    return path === undefined ? [] : [{ task, dataset: `file:${path}` }];
  });
}

function filesRead(
  workflow: Workflow,
  schemas: TaskSchemas,
): readonly (readonly [string, DatasetLineage])[] {
  return fileTasks(workflow, 'dataset').map(({ task, dataset }) => [
    task.id,
    wholeRead(dataset, schemas[task.id]),
  ]);
}

/** The address of a task that asks an HTTP server, without what follows `?`. */
function addressOf(task: Task, outside: Outside): string | undefined {
  const path = TASK_TYPES.get(task.type)?.address?.(task.config);
  if (path === undefined) return undefined;
  const base = connectionOf(task, outside)?.base_url;
  return base === undefined ? path : addressBelow(base, path);
}

/** What HTTP servers answer; an answer to rows counts as made of those. */
function addressesRead(
  { tasks }: Workflow,
  schemas: TaskSchemas,
  outside: Outside,
): readonly (readonly [string, DatasetLineage])[] {
  return tasks.flatMap((task) => {
    if (makesNothing(TASK_TYPES, task) || task.inputs.length > 0) return [];
    const dataset = addressOf(task, outside);
    return dataset === undefined ? [] : [[task.id, wholeRead(dataset, schemas[task.id])] as const];
  });
}

/** What HTTP servers are sent: the rows of an input. */
function addressesWritten(
  { tasks }: Workflow,
  schemas: TaskSchemas,
  outside: Outside,
): readonly (readonly [string, WriteTarget])[] {
  return tasks.flatMap((task) => {
    const [input] = task.inputs;
    const dataset = input === undefined ? undefined : addressOf(task, outside);
    if (input === undefined || dataset === undefined) return [];
    return [[task.id, { dataset, columns: sameColumns(schemas[input]) }] as const];
  });
}

function wholeRead(dataset: string, schema: TaskSchemas[string] | undefined): DatasetLineage {
  const columns = (schema ?? []).map(({ name }) => ({ name, sources: [asItIs(dataset, name)] }));
  const dependencies = schema === undefined ? [anyColumn(dataset, 'unresolved')] : [];
  return { columns, dependencies };
}

function filesWritten(
  workflow: Workflow,
  schemas: TaskSchemas,
): readonly (readonly [string, WriteTarget])[] {
  return fileTasks(workflow, 'nothing').map(({ task, dataset }) => {
    return [task.id, { dataset, columns: sameColumns(schemas[task.inputs[0] ?? '']) }];
  });
}

function sameColumns(schema: TaskSchemas[string] | undefined): WriteTarget['columns'] {
  return schema?.map(({ name }) => [name, name] as const);
}

function asItIs(dataset: string, column: string): LineageSource {
  return {
    dataset,
    column,
    how: 'value',
    transformation: 'identity',
    isMasked: false,
    certainty: 'exact',
  };
}
