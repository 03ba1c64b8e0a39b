import { formatDataType, type Schema } from '@floe/expression';
import type { Workflow as WorkflowDocument } from '@floe/workflow';
import type {
  Workflow,
  WorkflowMetadata,
  WorkflowTask,
  WorkflowVersion,
} from '@floe/rpc/contracts';
import type { WorkflowMetadataRow } from '../store/records.ts';
import type { VersionRow, WorkflowRow } from '../store/workflows.ts';

/** Columns of task outputs, by task; tasks whose columns are not known before a run are left out. */
export type TaskSchemas = Readonly<Record<string, Schema>>;

export function workflowMessage(row: WorkflowRow): Workflow {
  return {
    name: row.name,
    description: row.description,
    latestVersion: row.latest_version,
    createTime: new Date(row.created_at),
    updateTime: new Date(row.updated_at),
    taskCount: row.task_count,
  };
}

export function versionMessage(row: VersionRow): WorkflowVersion {
  const document = row.document as WorkflowDocument;
  return {
    workflowName: row.workflow_name,
    version: row.version,
    source: row.source,
    document: document as unknown as Record<string, unknown>,
    digest: row.digest,
    createTime: new Date(row.created_at),
    tasks: taskMessages(document, row.task_schemas as TaskSchemas),
  };
}

export function metadataMessage(row: WorkflowMetadataRow): WorkflowMetadata {
  const { name, value, run_id: runId, task_id: taskId, recorded_at: at } = row;
  return { name, value, runId, taskId, time: new Date(at) };
}

export function taskMessages(document: WorkflowDocument, schemas: TaskSchemas): WorkflowTask[] {
  return document.tasks.map((task) => ({
    taskId: task.id,
    type: task.type,
    description: task.description,
    upstreamTaskIds: [...new Set([...task.inputs, ...task.needs])],
    columns: (schemas[task.id] ?? []).map(({ name, type }) => ({
      name,
      type: formatDataType(type),
    })),
  }));
}
