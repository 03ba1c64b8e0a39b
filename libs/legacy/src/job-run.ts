import { z } from 'zod';
import { unreadable } from './finding.ts';
import { fieldOf, isList, isRecord, type Json, type JsonRecord } from './json.ts';
import { runStatusOf, type PastNodeRun, type PastRun } from './past-run.ts';
import { instantOf } from './read-workflow.ts';
import { readJsonField } from './reading.ts';
import { textOf } from './shapes.ts';

/** Whether a document is one of the collection `jobRun`. */
export function isJobRun(document: JsonRecord): boolean {
  return isList(document['workflows']) && Object.hasOwn(document, 'jobRunId');
}

const shape = z.looseObject({ jobRunId: z.string().min(1), workflows: z.array(z.unknown()) });

/** The runs of a document of the collection `jobRun`: one for each of its workflows. Throws DOCUMENT_INVALID. */
export function readJobRun(document: JsonRecord): readonly PastRun[] {
  const parsed = shape.safeParse(document);
  if (!parsed.success) {
    throw unreadable(
      parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    );
  }
  const workflows = fieldOf(document, 'workflows');
  const runs = isList(workflows) ? workflows : [];
  return runs.map((run, index) => readRun(document, run, `workflows[${index}]`));
}

function readRun(document: JsonRecord, value: Json, path: string): PastRun {
  if (!isRecord(value)) throw unreadable([{ path, message: 'is no object' }]);
  // What the run itself does not say, the job run says for all of its runs.
  const text = (...names: string[]): string => {
    for (const name of names) {
      const found = textOf(fieldOf(value, name)) || textOf(fieldOf(document, name));
      if (found !== '') return found;
    }
    return '';
  };
  const workflowRunId = textOf(fieldOf(value, 'workflowRunId'));
  if (workflowRunId === '')
    throw unreadable([{ path: `${path}.workflowRunId`, message: 'is missing' }]);
  const startTime = instantOf(text('startTimestamp', 'start_timestamp', 'created_at'));
  if (startTime === undefined)
    throw unreadable([{ path: `${path}.startTimestamp`, message: 'is missing or no time' }]);
  const endTime = instantOf(text('end_timestamp', 'endTimestamp'));
  const { workflows: _, ...rest } = document;
  return {
    source: 'jobRun',
    workflowRunId,
    jobRunId: text('jobRunId'),
    workflowId: text('workflow_id'),
    workflowName: text('workflow_name'),
    workspaceId: text('workspace_id'),
    workspaceName: text('workspace_name'),
    folderId: text('folder_id'),
    folderName: text('folder_name'),
    jobId: text('job_id'),
    jobName: text('job_name'),
    runStatus: runStatusOf(text('runStatus', 'run_status', 'status'), `${path}.runStatus`),
    runById: runnerOf(document, 'id'),
    runBy: runnerOf(document, 'name'),
    userPhotourl: runnerOf(document, 'photoURL') || text('photoURL'),
    updatedBy: text('updated_by'),
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    prefectFlowRunId: text('prefect_flow_run_id'),
    document: { ...rest, run: value },
    nodes: nodesOf(value, path),
  };
}

/** `runBy` is the id of a user, or an object about one. */
function runnerOf(document: JsonRecord, part: 'id' | 'name' | 'photoURL'): string {
  const runner = fieldOf(document, 'runBy');
  if (isRecord(runner)) return textOf(fieldOf(runner, part));
  return part === 'photoURL' ? '' : textOf(runner);
}

function nodesOf(run: JsonRecord, path: string): readonly PastNodeRun[] {
  const nodes = new Map<string, JsonRecord>();
  for (const [id, value] of activityOf(run, path)) {
    nodes.set(id, isRecord(value) ? value : { status: value });
  }
  for (const [id, value] of byNodeId(fieldOf(run, 'nodes'))) {
    nodes.set(id, { ...value, ...nodes.get(id) });
  }
  return [...nodes].map(([id, fields]) => nodeOf(id, fields));
}

/** By node id, or a list of what says its id itself. */
function activityOf(run: JsonRecord, path: string): readonly (readonly [string, Json])[] {
  const value = fieldOf(run, 'nodeActivity');
  if (isList(value)) return byNodeId(value);
  return Object.entries(readJsonField(value, `${path}.nodeActivity`) ?? {});
}

function byNodeId(listed: Json | undefined): readonly (readonly [string, JsonRecord])[] {
  return (isList(listed) ? listed : []).flatMap((value) => {
    const id = isRecord(value) ? textOf(fieldOf(value, 'nodeId') ?? fieldOf(value, 'node_id')) : '';
    return id !== '' && isRecord(value) ? [[id, value] as const] : [];
  });
}

function nodeOf(nodeId: string, fields: JsonRecord): PastNodeRun {
  const text = (...names: string[]): string =>
    names.map((name) => textOf(fieldOf(fields, name))).find((each) => each !== '') ?? '';
  const startTime = instantOf(text('startTimestamp', 'node_start_timestamp'));
  const endTime = instantOf(text('end_timestamp', 'endTimestamp', 'node_end_timestamp'));
  const sourceRows = wholeOf(text('sourceRows', 'source_rows'));
  const targetRows = wholeOf(text('targetRows', 'target_rows'));
  return {
    nodeId,
    nodeName: text('nodeName', 'node_name'),
    connectorType: text('connector_type', 'connectorType'),
    nodeType: text('nodeType', 'node_type'),
    nodeStatus: text('status', 'node_status'),
    errorMessage: text('error', 'message', 'error_message'),
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...(sourceRows === undefined ? {} : { sourceRows }),
    ...(targetRows === undefined ? {} : { targetRows }),
  };
}

/** A whole number that a column of 64 bits takes, as text. */
export function wholeOf(text: string): string | undefined {
  return /^-?\d{1,18}$/.test(text.trim()) ? text.trim() : undefined;
}
