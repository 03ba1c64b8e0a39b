import { FloeError } from '@floe/errors';
import {
  checkStorable,
  isRecord,
  mergeAccounts,
  takeOutSecrets,
  textOf,
  type Account,
  type Json,
  type JsonRecord,
} from '@floe/legacy';
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
  importAlone,
  knownAccounts,
  putLegacyRuns,
  sameRuns,
  type LegacyNodeRunRow,
  type LegacyRunRow,
} from '../store/legacy-runs.ts';
import { putQuarantined } from '../store/quarantine.ts';
import type { RpcContext } from './context.ts';
import { quarantinedRows } from './quarantine-message.ts';

/** Stores a batch of past runs. What a source has said before and says again changes nothing. */
export async function importRuns(
  { db }: RpcContext,
  request: ImportRunsRequest,
): Promise<ImportRunsResponse> {
  checkSize(request);
  const asides = quarantinedRows(request.source, request.quarantined);
  // The last one of an id counts: it is the newest that was written.
  const accounts = new Map(
    request.runs.map((run, index) => [run.workflowRunId, toAccount(run, `runs[${index}]`)]),
  );
  const answer = await importAlone(db, async (tx) => {
    const ids = [...accounts.keys()];
    const same = await sameRuns(tx, accounts);
    const changed = ids.filter((id) => !same.has(id));
    const known = await knownAccounts(tx, changed);
    const merged = changed.map((id) => withKnown(accounts.get(id)!, known.get(id) ?? []));
    const rows = merged.map((each) => toRows(each));
    await putLegacyRuns(
      tx,
      rows.map(({ run }) => run),
      rows.flatMap(({ nodes }) => nodes),
    );
    return { imported: changed.length, stored: await countStored(tx, ids, nodesOf(accounts)) };
  });
  await putQuarantined(db, asides);
  return ImportRunsResponse.create({
    imported: answer.imported,
    unchanged: request.runs.length - answer.imported,
    storedRuns: answer.stored.runs,
    storedNodes: answer.stored.nodes,
  });
}

type Rows = { readonly run: LegacyRunRow; readonly nodes: readonly LegacyNodeRunRow[] };

/** What all sources say of a run, with the newest word of this one. */
function withKnown(account: Account, known: readonly Account[]): readonly Account[] {
  return [...known.filter(({ source }) => source !== account.source), account];
}

function toRows(accounts: readonly Account[]): Rows {
  const [only] = accounts as [Account];
  const id = textOf(only.run['workflow_run_id']);
  const { run, nodes } =
    accounts.length > 1
      ? mergeAccounts(accounts)
      : { run: { ...only.run, source: only.source, document: only.document }, nodes: only.nodes };
  const checksum = accounts.length > 1 ? sha256(JSON.stringify(run)) : only.checksum;
  return {
    run: { ...run, workflow_run_id: id, checksum },
    nodes: nodes.map((node) => ({
      ...node,
      node_id: textOf(node['node_id']),
      workflow_run_id: id,
    })),
  };
}

function nodesOf(accounts: ReadonlyMap<string, Account>) {
  return [...accounts].flatMap(([runId, { nodes }]) =>
    nodes.map((node) => ({ runId, nodeId: textOf(node['node_id']) })),
  );
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

function toAccount(run: LegacyRun, at: string): Account {
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
  const { nodes: nodeRows, document: read, ...columns } = fields;
  return {
    source: run.source as Account['source'],
    checksum: sha256(JSON.stringify(fields)),
    run: columns as JsonRecord,
    nodes: nodeRows as JsonRecord[],
    document: read as JsonRecord,
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
