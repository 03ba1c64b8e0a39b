import type { ControlDatabase } from '@floe/database';

/** What decides whether a run may begin. */
export type Admission = {
  /** The newest version of the workflow; undefined when there is none that can be started. */
  readonly latestVersion: number | undefined;
  /** Runs that have not ended, at most as many as were counted. */
  readonly active: number;
  /** The run that the request id started before. */
  readonly known: { readonly runId: string; readonly requestDigest: string } | undefined;
};

export type AdmissionWish = {
  readonly workflowName: string;
  /** Empty when the request has none. */
  readonly requestId: string;
  readonly countMax: number;
};

type AdmissionRow = {
  readonly latest_version: number | null;
  readonly active: number;
  readonly run_id: string | null;
  readonly request_digest: string | null;
};

// One question: whoever starts a run waits for each way to the database.
const FIND_ADMISSION = {
  name: 'scheduler.find_admission',
  text: `/* scheduler.find_admission */
    select
      (select latest_version from workflow where name = $1 and not is_deleted) as latest_version,
      (select count(*)::int from (select from run where wake_at is not null limit $3) active) as active,
      known.run_id, known.request_digest
    from (select nullif($2::text, '') as request_id) wish
    left join run_request known on known.request_id = wish.request_id`,
};

export async function findAdmission(
  { query }: Pick<ControlDatabase, 'query'>,
  { workflowName, requestId, countMax }: AdmissionWish,
): Promise<Admission> {
  const [row] = await query<AdmissionRow>(FIND_ADMISSION, [workflowName, requestId, countMax]);
  const { latest_version, active, run_id, request_digest } = row!;
  return {
    latestVersion: latest_version ?? undefined,
    active,
    known: run_id === null ? undefined : { runId: run_id, requestDigest: request_digest ?? '' },
  };
}

// Through what has not ended, which is little, and not through the history of the workflow.
const FIND_ACTIVE = {
  name: 'scheduler.find_active_of_workflow',
  text: `/* scheduler.find_active_of_workflow */
    with active as materialized (
      select run_id, workflow_name from run where wake_at is not null limit $2
    )
    select run_id from active where workflow_name = $1 order by run_id limit 1`,
};

/** A run of the workflow that has not ended. */
export async function findActiveRun(
  { query }: Pick<ControlDatabase, 'query'>,
  { workflowName, activeMax }: { readonly workflowName: string; readonly activeMax: number },
): Promise<string | undefined> {
  const [row] = await query<{ run_id: string }>(FIND_ACTIVE, [workflowName, activeMax]);
  return row?.run_id;
}
