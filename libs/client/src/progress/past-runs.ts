import type { FloeClient } from '../client.ts';
import type { TaskRun } from '../run-types.ts';

/** What a task made when a run of the workflow last succeeded, and how long that took. */
export type PastTask = { readonly rows: number; readonly ms: number };

/** What earlier runs of a workflow say about the next. */
export type PastRuns = {
  /** How long half of its runs take at most. */
  readonly usualMs?: number;
  /** The tasks of the last run that succeeded. */
  readonly tasks: ReadonlyMap<string, PastTask>;
};

// One page. Of a larger workflow it is known how long its runs usually take.
const PAST_TASKS_MAX = 1_000;

type Asked = Pick<FloeClient, 'listRuns' | 'listTaskRuns' | 'getWorkflowReport'>;

/** Asks for what can be known of earlier runs. An estimate is a courtesy: what gets no answer is left out. */
export async function readPastRuns(client: Asked, workflowName: string): Promise<PastRuns> {
  const [usualMs, tasks] = await Promise.all([
    client.getWorkflowReport(workflowName).then(
      ({ durationP50Ms }) => Number(durationP50Ms) || undefined,
      () => undefined,
    ),
    readLastTasks(client, workflowName).catch((): readonly TaskRun[] => []),
  ]);
  return { ...(usualMs !== undefined && { usualMs }), tasks: pastTasks(tasks) };
}

async function readLastTasks(client: Asked, workflowName: string): Promise<readonly TaskRun[]> {
  const states = ['RUN_STATE_SUCCEEDED'] as const;
  const { runs } = await client.listRuns({ workflowName, states, pageSize: 1 });
  const [run] = runs;
  if (run === undefined) return [];
  const page = await client.listTaskRuns(run.runId, { pageSize: PAST_TASKS_MAX });
  return page.nextPageToken === '' ? page.taskRuns : [];
}

/** How long a person takes to answer says nothing about the next time, and what was known took no time. */
export function pastTasks(taskRuns: readonly TaskRun[]): ReadonlyMap<string, PastTask> {
  const past = new Map<string, PastTask>();
  for (const { taskId, type, cachedFromRunId, startTime, endTime, rows } of taskRuns) {
    if (type === 'approval' || cachedFromRunId !== '') continue;
    const ran = startTime === undefined || endTime === undefined ? undefined : [startTime, endTime];
    const [start = 0, end = 0] = (ran ?? []).map((instant) => Date.parse(instant));
    past.set(taskId, { rows: Number(rows), ms: Math.max(0, end - start) });
  }
  return past;
}
