import { isRecord, type Json, type JsonRecord } from './json.ts';
import { wholeOf } from './job-run.ts';
import { runStatusOf, type PastNodeRun, type PastRun } from './past-run.ts';
import { instantOf } from './read-workflow.ts';
import { OLD_NODE_COLUMNS, PAST_RUN_COLUMNS } from './run-columns.ts';
import { textOf } from './shapes.ts';
import { unreadable } from './finding.ts';

/**
 * A row of `workflow_run_stats` with those of `node_run_details` that belong to it, the newest first, as JSON. Where a node
 * has several rows, as after a retry, the first one counts. What has no column in Floe is kept in the document.
 * Throws DOCUMENT_INVALID.
 */
export function readStatsRow(row: JsonRecord, nodeRows: readonly JsonRecord[]): PastRun {
  const text = (name: string): string => textOf(row[name]);
  const workflowRunId = text('workflow_run_id');
  if (workflowRunId === '') throw unreadable([{ path: 'workflow_run_id', message: 'is missing' }]);
  const startTime = instantOf(text('start_timestamp'));
  if (startTime === undefined)
    throw unreadable([{ path: 'start_timestamp', message: 'is missing or no time' }]);
  const endTime = instantOf(text('end_timestamp'));
  const { nodes, others } = newestOfEach(nodeRows);
  return {
    source: 'workflow_run_stats',
    workflowRunId,
    jobRunId: text('job_run_id'),
    workflowId: text('workflow_id'),
    workflowName: text('workflow_name'),
    workspaceId: text('workspace_id'),
    workspaceName: text('workspace_name'),
    folderId: text('folder_id'),
    folderName: text('folder_name'),
    jobId: text('job_id'),
    jobName: text('job_name'),
    runStatus: runStatusOf(text('run_status'), 'run_status'),
    runById: text('run_by_id'),
    runBy: text('run_by'),
    userPhotourl: text('user_photourl'),
    updatedBy: text('updated_by'),
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    prefectFlowRunId: text('prefect_flow_run_id'),
    prefectDeploymentId: text('prefect_deployment_id'),
    prefectFlowRunName: text('prefect_flow_run_name'),
    flowRunTags: tagsOf(row['flow_run_tags']),
    flowParameters: isRecord(row['flow_parameters']) ? row['flow_parameters'] : {},
    retryCount: countOf(text('retry_count')),
    maxRetries: countOf(text('max_retries')),
    document: documentOf(row, nodes, others),
    nodes: nodes.map(readNodeRow),
  };
}

function newestOfEach(rows: readonly JsonRecord[]) {
  const newest = new Map<string, JsonRecord>();
  const others: JsonRecord[] = [];
  for (const row of rows) {
    const id = textOf(row['node_id']);
    if (id === '' || newest.has(id)) others.push(row);
    else newest.set(id, row);
  }
  return { nodes: [...newest.values()], others };
}

const RUN_COLUMNS: ReadonlySet<string> = new Set(PAST_RUN_COLUMNS);
const NODE_COLUMNS: ReadonlySet<string> = new Set(OLD_NODE_COLUMNS);

/** What the columns of Floe do not hold: further columns of the run and of its nodes, and rows without a place of their own. */
function documentOf(
  row: JsonRecord,
  nodes: readonly JsonRecord[],
  others: readonly JsonRecord[],
): JsonRecord {
  const ofNodes = nodes
    .map((node) => [textOf(node['node_id']), restOf(node, NODE_COLUMNS)] as const)
    .filter(([, rest]) => Object.keys(rest).length > 0);
  return {
    ...restOf(row, RUN_COLUMNS),
    ...(ofNodes.length === 0 ? {} : { node_columns: Object.fromEntries(ofNodes) }),
    ...(others.length === 0 ? {} : { other_node_rows: others }),
  };
}

function restOf(row: JsonRecord, known: ReadonlySet<string>): JsonRecord {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== null && !known.has(name)),
  );
}

function readNodeRow(row: JsonRecord): PastNodeRun {
  const text = (name: string): string => textOf(row[name]);
  const startTime = instantOf(text('node_start_timestamp'));
  const endTime = instantOf(text('node_end_timestamp'));
  const whole = (name: string, to: string) => {
    const value = wholeOf(text(name));
    return value === undefined ? {} : { [to]: value };
  };
  const real = (name: string, to: string) => {
    const value = text(name) === '' ? Number.NaN : Number(text(name));
    return Number.isFinite(value) ? { [to]: value } : {};
  };
  return {
    nodeId: text('node_id'),
    nodeName: text('node_name'),
    connectorType: text('connector_type'),
    nodeType: text('node_type'),
    nodeStatus: text('node_status'),
    outputStoragePath: text('output_storage_path'),
    errorMessage: text('error_message'),
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...whole('source_rows', 'sourceRows'),
    ...whole('target_rows', 'targetRows'),
    ...whole('parent_storage_size', 'parentStorageSize'),
    ...real('total_run_time_sec', 'totalRunTimeSec'),
    ...real('memory_usage_mb', 'memoryUsageMb'),
  };
}

function tagsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((each) => textOf(each)) : [];
}

function countOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
