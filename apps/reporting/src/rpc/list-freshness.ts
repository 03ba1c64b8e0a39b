import { FreshnessState } from '@floe/rpc/contracts';
import type {
  ListFreshnessRequest,
  ListFreshnessResponse,
  TableFreshness,
} from '@floe/rpc/contracts';
import { argumentInvalid, requireText } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { freshnessOf } from '../freshness.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import {
  readLastLoads,
  readLoadedDatasets,
  readWantedTimes,
  type LoadedDataset,
  type LoadPlace,
} from '../store/read-freshness.ts';

// The sizes that the contract promises.
const PAGE_SIZES = { standard: 100, max: 500 };
// Pages that are looked through for states that are rare; then the caller goes on from where this ended.
const ROUNDS_MAX = 4;

export async function listFreshness(
  deps: Deps,
  request: ListFreshnessRequest,
): Promise<ListFreshnessResponse> {
  const workflowName = requireText('workflow_name', request.workflowName);
  const states = toStates(request.states);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const filter = { freshnessOf: workflowName, states: [...states].toSorted() };
  const token = decodePageToken(filter, request.pageToken, (key) => toPlace(key) !== undefined);
  let after = token === undefined ? undefined : toPlace(token);
  const tables: TableFreshness[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = await readLoadedDatasets(deps.db, { after, limit: limit + 1, workflowName });
    const loads = found.slice(0, limit);
    for (const [index, table] of (await judge(deps, loads)).entries()) {
      if (states.size > 0 && !states.has(table.state)) continue;
      tables.push(table);
      if (tables.length < limit) continue;
      const isLast = index === loads.length - 1 && found.length <= limit;
      return { tables, nextPageToken: isLast ? '' : encodePageToken(filter, toKey(loads[index]!)) };
    }
    if (found.length <= limit) return { tables, nextPageToken: '' };
    after = loads.at(-1);
  }
  return {
    tables,
    nextPageToken: after === undefined ? '' : encodePageToken(filter, toKey(after)),
  };
}

/** In the order of the loads. */
export async function judge(
  deps: Deps,
  loads: readonly LoadedDataset[],
): Promise<TableFreshness[]> {
  const now = deps.now();
  const workflows = [...new Set(loads.map((load) => load.workflow_name))];
  const [last, wanted] = await Promise.all([
    readLastLoads(deps.db, loads, now),
    readWantedTimes(deps.db, workflows),
  ]);
  const lastOf = new Map(last.map((load) => [`${load.workflow_name}/${load.task_id}`, load]));
  const schedulesOf = Map.groupBy(wanted, (row) => row.workflow_name);
  return loads.map((load) =>
    freshnessOf(load, {
      last: lastOf.get(`${load.workflow_name}/${load.task_id}`),
      schedules: schedulesOf.get(load.workflow_name) ?? [],
      now,
    }),
  );
}

function toStates(asked: readonly FreshnessState[]): ReadonlySet<FreshnessState> {
  const isOne = (state: FreshnessState) =>
    state !== FreshnessState.UNSPECIFIED && state !== FreshnessState.UNRECOGNIZED;
  if (asked.every(isOne)) return new Set(asked);
  throw argumentInvalid('states', 'holds a value that is none of fresh, late, unscheduled');
}

function toKey({ uri, workflow_name: workflow, task_id: task }: LoadPlace): string {
  return JSON.stringify([uri, workflow, task]);
}

function toPlace(key: string): LoadPlace | undefined {
  const parts: unknown = parse(key);
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [uri, workflow, task] = parts as unknown[];
  if (typeof uri !== 'string' || typeof workflow !== 'string' || typeof task !== 'string') {
    return undefined;
  }
  return [uri, workflow, task].some((part) => part.includes('\0'))
    ? undefined
    : { uri, workflow_name: workflow, task_id: task };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A key that was not made here; the caller is told so.
    return undefined;
  }
}
