import { isUuid } from '@floe/errors';
import { sql } from 'kysely';
import type {
  FindLegacyRunRequest,
  FindLegacyRunResponse,
  LegacyNodeRun,
} from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';
import { toDate } from '../../rows-to-run.ts';
import { toLegacyRun, type LegacyRunRow } from './run-rows.ts';

type NodeRow = {
  readonly node_id: string;
  readonly node_name: string;
  readonly node_status: string;
  readonly task_ids: readonly string[];
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly error_message: string | null;
  readonly rows: number | null;
};

/** A run by the id that callers have: of Floe, or imported. */
export async function findLegacyRun(
  deps: Deps,
  { workflowRunId }: FindLegacyRunRequest,
): Promise<FindLegacyRunResponse> {
  const row =
    (await findOwn(deps, workflowRunId.toLowerCase())) ?? (await findImported(deps, workflowRunId));
  if (row === undefined) return { run: undefined, nodes: [] };
  const [nodes, [counts]] = await Promise.all([nodesOf(deps, row), deps.nodeCounts.of([row])]);
  return { run: toLegacyRun(row, counts!), nodes: nodes.map(toNodeRun) };
}

async function findOwn({ db }: Deps, id: string): Promise<LegacyRunRow | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await sql<LegacyRunRow>`
    select s.*, r.state, r.event_sequence, r.ended_at
    from workflow_run_stats s join run r on r.run_id = s.floe_run_id where s.floe_run_id = ${id}`.execute(
    db,
  );
  return rows[0];
}

async function findImported({ db }: Deps, id: string): Promise<LegacyRunRow | undefined> {
  const { rows } = await sql<LegacyRunRow>`
    select s.*, null as state, null as event_sequence, null as ended_at from workflow_run_stats s
    where s.floe_run_id is null and s.workflow_run_id = ${id}`.execute(db);
  return rows[0];
}

async function nodesOf({ db }: Deps, row: LegacyRunRow): Promise<NodeRow[]> {
  const found =
    row.floe_run_id === null
      ? sql<NodeRow>`
          select node_id, node_name, node_status, '{}'::text[] as task_ids, node_start_timestamp as started_at,
            node_end_timestamp as ended_at, error_message, target_rows as rows
          from legacy_node_run where workflow_run_id = ${row.workflow_run_id} order by node_start_timestamp, node_id`
      : sql<NodeRow>`
          select node_id, node_name, node_status, task_ids, started_at, ended_at, error_message, rows
          from run_node where run_id = ${row.floe_run_id} order by sequence_number nulls last, node_id`;
  return (await found.execute(db)).rows;
}

function toNodeRun(row: NodeRow): LegacyNodeRun {
  return {
    nodeId: row.node_id,
    nodeName: row.node_name,
    nodeStatus: row.node_status,
    taskIds: [...row.task_ids],
    startTime: toDate(row.started_at),
    endTime: toDate(row.ended_at),
    errorMessage: row.error_message ?? '',
    rows: BigInt(row.rows ?? 0),
  };
}
