import { FloeError } from '@floe/errors';
import { checkStorable, isRecord, takeOutSecrets, type Json, type JsonRecord } from '@floe/legacy';
import {
  ImportRunsResponse,
  type ImportRunsRequest,
  type LegacyNodeRun,
  type LegacyRun,
} from '@floe/rpc/contracts';
import { sha256 } from '../importing/judge-document.ts';
import { IMPORT_NODE_RUNS_MAX, IMPORT_RUNS_MAX } from '../limits.ts';
import {
  countStored,
  knownRuns,
  putLegacyRuns,
  type LegacyNodeRunRow,
  type LegacyRunRow,
} from '../store/legacy-runs.ts';
import { putQuarantined } from '../store/quarantine.ts';
import type { RpcContext } from './context.ts';
import { quarantinedRows } from './quarantine-message.ts';

type Rows = { readonly run: LegacyRunRow; readonly nodes: readonly LegacyNodeRunRow[] };

/** Stores a batch of past runs. What was imported before and is the same changes nothing. */
export async function importRuns(
  { db }: RpcContext,
  request: ImportRunsRequest,
): Promise<ImportRunsResponse> {
  checkSize(request);
  const asides = quarantinedRows(request.source, request.quarantined);
  // The last one of an id counts: it is the newest that was written.
  const rows = new Map(
    request.runs.map((run, index) => [run.workflowRunId, toRows(run, `runs[${index}]`)]),
  );
  const known = await knownRuns(db, [...rows.keys()]);
  const changed = [...rows.values()].filter(
    ({ run }) => known.get(run.workflow_run_id) !== run.checksum,
  );
  if (changed.length > 0) {
    const runs = changed.map(({ run }) => run);
    const nodes = changed.flatMap((each) => each.nodes);
    await putLegacyRuns(db, runs, nodes);
  }
  await putQuarantined(db, asides);
  const stored = await countStored(db, [...rows.keys()]);
  return ImportRunsResponse.create({
    imported: changed.length,
    unchanged: request.runs.length - changed.length,
    storedRuns: stored.runs,
    storedNodes: stored.nodes,
  });
}

function checkSize({ runs }: ImportRunsRequest): void {
  if (runs.length > IMPORT_RUNS_MAX)
    throw wrong('runs', `are ${runs.length}; at most ${IMPORT_RUNS_MAX} at once`);
  const nodes = runs.reduce((sum, run) => sum + run.nodes.length, 0);
  if (nodes > IMPORT_NODE_RUNS_MAX)
    throw wrong('runs', `have ${nodes} nodes; at most ${IMPORT_NODE_RUNS_MAX} at once`);
}

const STATUSES: ReadonlySet<string> = new Set([
  'Started',
  'Running',
  'Completed',
  'Failed',
  'Stopped',
]);
const SOURCES: ReadonlySet<string> = new Set(['jobRun', 'workflow_run_stats', 'prefect']);

function toRows(run: LegacyRun, at: string): Rows {
  if (run.workflowRunId === '') throw wrong(`${at}.workflow_run_id`, 'is missing');
  if (!STATUSES.has(run.runStatus))
    throw wrong(`${at}.run_status`, `is none of ${[...STATUSES].join(', ')}`);
  if (!SOURCES.has(run.source))
    throw wrong(`${at}.source`, `is none of ${[...SOURCES].join(', ')}`);
  if (run.startTime === undefined) throw wrong(`${at}.start_time`, 'is missing');
  const { nodes, startTime, endTime, document, flowParameters, ...texts } = run;
  const parameters = recordIn(flowParameters ?? {}, `${at}.flow_parameters`);
  const fields = {
    ...snakeCase(texts),
    start_timestamp: startTime.toISOString(),
    end_timestamp: endTime?.toISOString() ?? null,
    flow_parameters: takeOutSecrets(parameters),
    document: takeOutSecrets(recordIn(parse(document, at), `${at}.document`)),
    nodes: nodes.map(nodeFields),
  };
  checkStorable(fields);
  const checksum = sha256(JSON.stringify(fields));
  const { nodes: nodeRows, ...columns } = fields;
  return {
    run: { ...columns, workflow_run_id: run.workflowRunId, checksum },
    nodes: nodeRows.map((node) => ({ ...node, workflow_run_id: run.workflowRunId })),
  };
}

function nodeFields(node: LegacyNodeRun) {
  const { startTime, endTime, sourceRows, targetRows, parentStorageSize, ...rest } = node;
  return {
    ...snakeCase(rest),
    node_id: node.nodeId,
    node_start_timestamp: startTime?.toISOString() ?? null,
    node_end_timestamp: endTime?.toISOString() ?? null,
    source_rows: sourceRows?.toString() ?? null,
    target_rows: targetRows?.toString() ?? null,
    parent_storage_size: parentStorageSize?.toString() ?? null,
  };
}

/** Fields of messages are named as the columns are. */
function snakeCase(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value ?? null,
    ]),
  );
}

function parse(text: string, at: string): Json {
  try {
    return text === '' ? {} : (JSON.parse(text) as Json);
  } catch (cause) {
    throw new FloeError('ARGUMENT_INVALID', `${at}.document is no JSON`, { cause });
  }
}

function recordIn(value: unknown, field: string): JsonRecord {
  checkStorable(value);
  if (isRecord(value)) return value;
  throw wrong(field, 'is no object');
}

function wrong(field: string, message: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `${field} ${message}`, { details: { field } });
}
