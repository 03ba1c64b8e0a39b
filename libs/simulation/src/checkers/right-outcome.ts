import { isTaskEnded, type ItemsState } from '@floe/engine';
import type { Fail, MakeChecker } from './checker.ts';

/** What became of a task is what became of its newest attempt: nobody who held an older one changed anything. */
export const rightOutcome: MakeChecker = ({ tables }) => {
  /** Of a task with items exactly the attempts run that the task knows. */
  function checkItems(
    runId: string,
    task: number,
    items: ItemsState | undefined,
    fail: Fail,
  ): void {
    const running = tables
      .runningAttempts()
      .filter((row) => row.runId === runId && row.task === task);
    const epochs = running.map(({ epoch }) => epoch).toSorted(ascending);
    const known = (items?.live ?? []).map(({ epoch }) => epoch).toSorted(ascending);
    if (epochs.join() !== known.join())
      fail(`${runId}/${task} knows the attempts ${known.join(', ')}, and ${epochs.join(', ')} run`);
  }

  return {
    name: 'right-outcome',
    promise: 'P2: only the holder of the newest attempt changes a task',
    onCommit({ before, batch }, fail) {
      for (const { record, tasks } of batch.runs) {
        for (const task of tasks) {
          const { status, epoch, items, isReused } = record.state.tasks[task]!;
          const { kind } = record.plan.graph.tasks[task]!.work;
          if (kind === 'items') checkItems(record.runId, task, items, fail);
          if (kind !== 'attempts') continue;
          const attempt = tables.attempt(record.runId, task, epoch);
          const where = `${record.runId}/${task} epoch ${epoch}`;
          if (status === 'running' && attempt?.state !== 'running')
            fail(`${where} is running, its attempt is ${attempt?.state ?? 'absent'}`);
          // Nobody worked for a result that was known, nor for what the target itself has said (V6).
          if (isReused === true) continue;
          const was = before.get(record.runId)?.state.tasks[task];
          if (was?.voiding !== undefined && attempt === undefined) continue;
          if (status === 'succeeded' && attempt?.state !== 'succeeded')
            fail(`${where} succeeded, its attempt is ${attempt?.state ?? 'absent'}`);
          if (isTaskEnded(status) && attempt?.state === 'running')
            fail(`${where} is ${status}, and its attempt still runs`);
        }
      }
    },
  };
};

function ascending(left: number, right: number): number {
  return left - right;
}
