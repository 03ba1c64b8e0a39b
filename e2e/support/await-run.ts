import type { FloeClient, Run, TaskState } from '@floe/client';
import { eventually } from '@floe/testing';

const ENDED: readonly string[] = [
  'RUN_STATE_SUCCEEDED',
  'RUN_STATE_FAILED',
  'RUN_STATE_CANCELLED',
  'RUN_STATE_TIMED_OUT',
];

// Each look is a call; a few in a second are enough to see what a person would see.
const LOOK_EVERY_MS = 100;

/** The run once it has ended. A server that is away for a moment only delays the answer. */
export function awaitRunEnd(
  client: FloeClient,
  runId: string,
  options: { readonly withinMs: number },
): Promise<Run> {
  return eventually(
    async () => {
      const run = await client.getRun(runId);
      if (!ENDED.includes(run.state)) throw new Error(`run ${runId} is ${run.state}`);
      return run;
    },
    { withinMs: options.withinMs, everyMs: LOOK_EVERY_MS },
  );
}

/** Resolves when a task of the run is in the state. */
export async function awaitTaskState(
  client: FloeClient,
  runId: string,
  options: { readonly taskId?: string; readonly state: TaskState; readonly withinMs: number },
): Promise<void> {
  const { taskId, state, withinMs } = options;
  await eventually(
    async () => {
      const { taskRuns } = await client.listTaskRuns(runId);
      return taskRuns.some(
        (task) => task.state === state && (taskId === undefined || task.taskId === taskId),
      );
    },
    { withinMs, everyMs: 25 },
  );
}
