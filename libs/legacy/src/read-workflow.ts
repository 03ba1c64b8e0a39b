import { checkGraph, type Graph } from './check-graph.ts';
import { checkStorable } from './check-storable.ts';
import { unreadable } from './finding.ts';
import { findNodes } from './find-nodes.ts';
import { describeJson, isRecord, type Json, type JsonRecord } from './json.ts';
import type { LegacyWorkflow } from './legacy-workflow.ts';
import { readNode } from './read-node.ts';
import { Reading, readShape } from './reading.ts';
import { documentShape } from './shapes.ts';
import { takeOutSecrets } from './take-out-secrets.ts';

export type ReadLegacy = {
  readonly workflow: Omit<LegacyWorkflow, 'refusals' | 'notes' | 'unmapped'>;
  readonly graph: Graph;
  readonly reading: Reading;
};

/**
 * Reads a document of the collection `workflow`. What keeps it from being run is told in `reading`; what keeps it from
 * being read is thrown: DOCUMENT_INVALID with the places.
 */
export function readLegacyWorkflow(value: Json): ReadLegacy {
  if (!isRecord(value))
    throw unreadable([{ path: '', message: `the document is ${describeJson(value)}` }]);
  checkStorable(value);
  return readCleanWorkflow(takeOutSecrets(value));
}

/** The same of a document that `checkStorable` let through and `takeOutSecrets` gave. */
export function readCleanWorkflow(document: JsonRecord): ReadLegacy {
  const reading = new Reading();
  const fields = readShape(document, documentShape, { reading, path: '', at: '' });
  const found = findNodes(document, reading);
  const nodes = found.nodes.map((node) => readNode(node, reading));
  if (nodes.length === 0) reading.refuse('connectionInformation_v1', 'has no nodes');
  return {
    graph: checkGraph(nodes, found.dependencies, reading),
    reading,
    workflow: {
      workflowId: fields.workflow_id,
      workflowName: fields.workflow_name === '' ? fields.workflow_id : fields.workflow_name,
      workspaceId: fields.workspace_id,
      workspaceName: fields.workspace_name,
      folderId: fields.folder_id,
      folderName: fields.folder_name,
      jobId: fields.job_id,
      jobName: fields.job_name,
      status: fields.status,
      notifyEmail: fields.notifyEmail,
      onSuccessNotify: fields.onSuccessNotify,
      onFailureNotify: fields.onFailureNotify,
      createdBy: fields.created_by,
      createdAt: instantOf(fields.created_at),
      document,
      nodes,
      dependencies: found.dependencies,
    },
  };
}

/** Times came as ISO 8601, with a blank for the T, or as milliseconds. */
export function instantOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const ms = /^-?\d{9,16}$/.test(trimmed) ? Number(trimmed) : Date.parse(inUtc(trimmed));
  const date = new Date(ms);
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
  // Years that PostgreSQL and people write alike.
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined;
}

/** A time without a zone was UTC. */
function inUtc(text: string): string {
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)/, '$1T$2');
  return /T[\d:.]+$/.test(iso) ? `${iso}Z` : iso;
}
