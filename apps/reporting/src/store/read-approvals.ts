/** Approvals that wait for a person. Runs that have not ended are few; of each only its approvals are looked at. */
import type { ControlDatabase } from '@floe/database';
import { sql } from 'kysely';
import { toControlError } from '@floe/database';

type Db = ControlDatabase['db'];

export type VersionKey = { readonly workflowName: string; readonly version: number };

// A person is asked in a run that goes on, and in one that is paused.
const OPEN = sql`('running', 'paused')`;

/** The versions of which runs go on. */
export async function readOpenVersions(db: Db, limit: number): Promise<readonly VersionKey[]> {
  const query = sql<VersionKey>`/* reporting.read_open_versions */
    select workflow_name as "workflowName", workflow_version as version from floe.run
    where state in ${OPEN} group by 1, 2 limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

export type ApprovalTask = VersionKey & { readonly taskId: string; readonly message: string };

/** The approvals that documents have; nothing for a version without. */
export async function readApprovalTasks(
  db: Db,
  versions: readonly VersionKey[],
): Promise<readonly ApprovalTask[]> {
  const query = sql<ApprovalTask>`/* reporting.read_approval_tasks */
    select v.workflow_name as "workflowName", v.version, task ->> 'id' as "taskId",
      coalesce(task -> 'config' ->> 'message', '') as message
    from unnest(${namesOf(versions)}::text[], ${numbersOf(versions)}::integer[]) as asked(name, version)
    join floe.workflow_version v on v.workflow_name = asked.name and v.version = asked.version
    cross join jsonb_path_query(v.document, '$.tasks[*] ? (@.type == "approval")') task`;
  return (await query.execute(db).catch(fail)).rows;
}

export type WaitingApproval = VersionKey & {
  readonly run_id: string;
  readonly task_id: string;
  readonly since: number;
};

/** Those among them that a person has not answered, the oldest first. */
export async function readWaitingApprovals(
  db: Db,
  tasks: readonly ApprovalTask[],
  limit: number,
): Promise<readonly WaitingApproval[]> {
  const query = sql<WaitingApproval>`/* reporting.read_waiting_approvals */
    select r.workflow_name as "workflowName", r.workflow_version as version, t.run_id, t.task_id,
      coalesce(t.started_at, t.ready_at, r.created_at) as since
    from unnest(${namesOf(tasks)}::text[], ${numbersOf(tasks)}::integer[],
      ${tasks.map(({ taskId }) => taskId)}::text[]) as asked(name, version, task_id)
    join floe.run r on r.workflow_name = asked.name and r.workflow_version = asked.version and r.state in ${OPEN}
    join floe.task_run t on t.run_id = r.run_id and t.task_id = asked.task_id and t.state = 'running'
    order by since, t.run_id limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

const namesOf = (keys: readonly VersionKey[]) => keys.map(({ workflowName }) => workflowName);
const numbersOf = (keys: readonly VersionKey[]) => keys.map(({ version }) => version);

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
