/** What needs somebody now, the most urgent first. */
import { AttentionKind, FreshnessState, type Attention } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { toFailure } from '../rows-to-run.ts';
import { judge } from '../rpc/list-freshness.ts';
import {
  readFailedWorkflows,
  readOldestWaiting,
  readStuckRuns,
  readWaitingGroups,
  type WaitingGroup,
} from '../store/read-attention.ts';
import { isLost, readExecutors } from '../store/read-executors.ts';
import { readLoadedDatasets } from '../store/read-freshness.ts';
import { DAY_MS } from '../trend.ts';
import { waitingReason, type Offer } from '../waiting-reason.ts';

// A person reads no more, and then mends what comes first.
const ATTENTION_MAX = 100;
// Schedulers act on what is due within a second or two, and another takes over a dead one's runs within five.
const STUCK_AFTER_MS = 60_000;
// Tables that are judged for an overview; the list of freshness has all.
const TABLES_MAX = 500;

export type FoundAttention = {
  readonly attention: readonly Attention[];
  readonly isTruncated: boolean;
};

export async function findAttention(deps: Deps): Promise<FoundAttention> {
  const parts = await Promise.all([
    unclaimable(deps),
    stuck(deps),
    unanswered(deps),
    failed(deps),
    late(deps),
  ]);
  const all = parts.flat();
  return { attention: all.slice(0, ATTENTION_MAX), isTruncated: all.length > ATTENTION_MAX };
}

async function unclaimable(deps: Deps): Promise<Attention[]> {
  const groups = await readWaitingGroups(deps.db);
  if (groups.length === 0) return [];
  const now = deps.now();
  const executors = await readExecutors(deps.db);
  const offers = executors.filter((row) => row.state === 'active' && !isLost(row, now));
  const reasons = groups.flatMap((group) => {
    const reason = waitingReason(group, offers satisfies readonly Offer[]);
    return reason === undefined ? [] : [{ group, reason }];
  });
  return Promise.all(reasons.map(({ group, reason }) => toUnclaimable(deps, group, reason)));
}

async function toUnclaimable(deps: Deps, group: WaitingGroup, reason: string): Promise<Attention> {
  const oldest = await readOldestWaiting(deps.db, group);
  return {
    kind: AttentionKind.UNCLAIMABLE,
    workflowName: oldest?.workflow_name ?? '',
    runId: oldest?.run_id ?? '',
    taskId: oldest?.task_id ?? '',
    reason,
    sinceTime: new Date(group.since),
    count: BigInt(group.count),
  };
}

async function stuck(deps: Deps): Promise<Attention[]> {
  const before = deps.now() - STUCK_AFTER_MS;
  const runs = await readStuckRuns(deps.db, { before, limit: ATTENTION_MAX + 1 });
  return runs.map((run) => ({
    kind: AttentionKind.STUCK,
    workflowName: run.workflow_name,
    runId: run.run_id,
    taskId: '',
    reason: `the run is ${run.state}, and no scheduler has done what was due`,
    sinceTime: new Date(run.wake_at),
    count: 1n,
  }));
}

async function unanswered(deps: Deps): Promise<Attention[]> {
  const waiting = await deps.approvals.waiting(ATTENTION_MAX + 1);
  return waiting.map((approval) => ({
    kind: AttentionKind.APPROVAL,
    workflowName: approval.workflowName,
    runId: approval.run_id,
    taskId: approval.task_id,
    reason: `a person is asked: ${approval.message}`,
    sinceTime: new Date(approval.since),
    count: 1n,
  }));
}

async function failed(deps: Deps): Promise<Attention[]> {
  const since = deps.now() - DAY_MS;
  const rows = await readFailedWorkflows(deps.db, { since, limit: ATTENTION_MAX + 1 });
  return rows.map((row) => {
    const failure = toFailure(row.failure);
    return {
      kind: AttentionKind.FAILED,
      workflowName: row.workflow_name,
      runId: row.run_id,
      taskId: failure?.taskId ?? '',
      reason: failure?.message ?? 'the run did not end in time',
      sinceTime: new Date(row.ended_at ?? row.created_at),
      count: BigInt(row.count),
    };
  });
}

async function late(deps: Deps): Promise<Attention[]> {
  const page = { after: undefined, limit: TABLES_MAX, workflowName: '' };
  const tables = await judge(deps, await readLoadedDatasets(deps.db, page));
  return tables
    .filter(({ state }) => state === FreshnessState.LATE)
    .map((table) => ({
      kind: AttentionKind.LATE,
      workflowName: table.workflowName,
      runId: table.runId,
      taskId: table.taskId,
      reason: `${table.dataset} was not loaded when its schedule said`,
      sinceTime: table.wantedTime,
      count: 1n,
    }));
}
