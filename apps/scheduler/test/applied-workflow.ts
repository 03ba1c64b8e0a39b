import { TASK_TYPES } from '@floe/tasks';
import { parseWorkflow } from '@floe/workflow';
import { setTimeout as delay } from 'node:timers/promises';
import { FinishAttemptRequest, type AttemptLease } from '@floe/rpc/internal-contracts';
import { exchange, type SchedulerClients, type SchedulerFixture } from './scheduler-fixture.ts';

/** Stores a document as metadata does, and gives its name. */
export async function applied(fixture: SchedulerFixture, document: string): Promise<string> {
  const { workflow } = parseWorkflow(document, { taskTypes: TASK_TYPES });
  await fixture.addWorkflow(workflow);
  return workflow.name;
}

export async function stateOf(fixture: SchedulerFixture, runId: string): Promise<string> {
  const [row] = await fixture.query<{ state: string }>('select state from run where run_id = $1', [
    runId,
  ]);
  return row?.state ?? 'missing';
}

/** States of the tasks in the order of the document: `a:succeeded b:skipped`. */
export async function tasksOf(fixture: SchedulerFixture, runId: string): Promise<string> {
  const rows = await fixture.query<{ task_id: string; state: string }>(
    'select task_id, state from task_run where run_id = $1 order by task_index',
    [runId],
  );
  return rows.map(({ task_id, state }) => `${task_id}:${state}`).join(' ');
}

/** Looks again until the value is as wanted; gives the last one, for the assertion to show. */
export async function settled<Value>(
  look: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
): Promise<Value> {
  const deadline = performance.now() + 10_000;
  let value = await look();
  while (!isWanted(value) && performance.now() < deadline) {
    await delay(25);
    value = await look();
  }
  return value;
}

/** All attempts of a run that are ready now, at most so many. */
export async function takeAll(
  scheduler: SchedulerClients,
  runId: string,
  max = 8,
): Promise<AttemptLease[]> {
  const { leases } = await exchange(scheduler, { free: { slot: max, light: max } });
  return leases.filter((lease) => lease.runId === runId);
}

/** The end of an attempt with items, of which some failed. */
export function endedWith(
  lease: AttemptLease,
  failed: readonly number[],
  retryable = true,
): FinishAttemptRequest {
  const { runId, taskId, epoch, token } = lease;
  const failedItems = failed.map((index) => ({
    index,
    failure: { code: 'QUERY_FAILED', message: 'no such airport' },
    retryable,
  }));
  const value = { rows: 1n, bytes: 1n, datasetJson: '', failedItems };
  return FinishAttemptRequest.fromPartial({
    runId,
    taskId,
    epoch,
    token,
    outcome: { $case: 'succeeded', value },
  });
}
