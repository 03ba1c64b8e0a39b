import type { FloeClient } from '@floe/client';

export type Candidate = { readonly word: string; readonly means: string };

/** How to find what an argument of that name may be, behind those that are given. */
export type KnownNames = Readonly<
  Record<string, (given: readonly string[]) => Promise<readonly Candidate[]>>
>;

// More than a terminal shows, and one page of the API.
const OFFERED_MAX = 100;
// Whoever pressed the tab key is waiting, and nothing at all is better than late.
const ANSWER_WITHIN_MS = 500;

/** Names that the server knows. Answers none when it does not answer in time, or answers with an error. */
export function namesOfServer(client: FloeClient): KnownNames {
  const pageSize = OFFERED_MAX;
  const runs = inTime(async () => {
    const answer = await client.listRuns({ pageSize });
    return answer.runs.map(({ runId, workflowName, state }) => ({
      word: runId,
      means: `${workflowName} ${state.replace('RUN_STATE_', '').toLowerCase()}`,
    }));
  });
  const workflows = inTime(async () => {
    const answer = await client.listWorkflows({ pageSize });
    return answer.workflows.map(({ name, description }) => ({ word: name, means: description }));
  });
  return {
    run: runs,
    // Wherever a task is asked for, its run is the word before.
    task: inTime(async ([runId]) => {
      if (runId === undefined) return [];
      const { taskRuns } = await client.listTaskRuns(runId, { pageSize });
      return taskRuns.map(({ taskId, type }) => ({ word: taskId, means: type }));
    }),
    workflow: workflows,
    // Either a document or the name of a workflow: names are what a person cannot look up.
    before: workflows,
    after: workflows,
    schedule: inTime(async () => {
      const answer = await client.listSchedules({ pageSize });
      return answer.schedules.map(({ scheduleId, cron }) => ({ word: scheduleId, means: cron }));
    }),
    backfill: inTime(async () => {
      const answer = await client.listBackfills({ pageSize });
      return answer.backfills.map(({ backfillId, workflowName }) => ({
        word: backfillId,
        means: workflowName,
      }));
    }),
    connection: inTime(async () => {
      const answer = await client.listConnections({ pageSize });
      return answer.connections.map(({ name, database }) => ({ word: name, means: database }));
    }),
    token: inTime(async () => {
      const { tokens } = await client.listTokens({ pageSize });
      const live = tokens.filter(({ revokeTime }) => revokeTime === undefined);
      return live.map(({ name, createdBy }) => ({ word: name, means: createdBy }));
    }),
    executor: inTime(async () => {
      const executors = await client.listExecutors();
      return executors.map(({ executorId, pool }) => ({ word: executorId, means: pool }));
    }),
  };
}

type Ask = KnownNames[string];

function inTime(ask: Ask): Ask {
  return async (given) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly Candidate[]>((resolve) => {
      timer = setTimeout(() => resolve([]), ANSWER_WITHIN_MS);
    });
    // A prompt is no place for an error.
    const found = ask(given).catch(() => []);
    try {
      return await Promise.race([found, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
