import { attemptKey } from '../postgres/tables.ts';
import type { Fail, MakeChecker } from './checker.ts';

type Row = { readonly runId: string; readonly task: number; readonly epoch: number };

/** Of each attempt one claim and one end, and no attempt of a task while a newer one is about. */
export const oneHolder: MakeChecker = ({ tables }) => {
  const newest = new Map<string, number>();
  const claimed = new Map<string, 'running' | 'ended'>();
  const claim = ({ runId, task, epoch }: Row, fail: Fail) => {
    const key = attemptKey(runId, task, epoch);
    const ofTask = `${runId}/${task}`;
    const last = newest.get(ofTask) ?? 0;
    if (claimed.has(key)) fail(`attempt ${key} was claimed twice`);
    else if (epoch <= last) fail(`attempt ${key} was claimed after epoch ${last}`);
    else if (claimed.get(`${ofTask}/${last}`) === 'running' && !goesThroughItems(runId, task))
      fail(`attempt ${key} was claimed while epoch ${last} was running`);
    newest.set(ofTask, Math.max(last, epoch));
    claimed.set(key, 'running');
  };
  /** Then several attempts run at once, each with its own items. */
  const goesThroughItems = (runId: string, task: number) =>
    tables.runs.get(runId)!.plan.graph.tasks[task]!.work.kind === 'items';
  const end = ({ runId, task, epoch }: Row, fail: Fail) => {
    const key = attemptKey(runId, task, epoch);
    const was = claimed.get(key);
    if (was === undefined) fail(`attempt ${key} ended without a claim`);
    else if (was === 'ended') fail(`attempt ${key} ended twice`);
    claimed.set(key, 'ended');
  };
  const isClaimed = (row: Row) => claimed.has(keyOf(row));
  const isUnclaimed = (row: Row) => !claimed.has(keyOf(row));
  return {
    name: 'one-holder',
    promise: 'P2: of one attempt at most one execution is accepted',
    onCommit({ before, batch }, fail) {
      // One that another task's attempt carried out begins and ends in one commit.
      const [known, others] = [batch.ends.filter(isClaimed), batch.ends.filter(isUnclaimed)];
      for (const row of known) end(row, fail);
      for (const row of batch.claims) claim(row, fail);
      for (const row of others) end(row, fail);
      for (const { record } of batch.runs) {
        const old = before.get(record.runId);
        record.state.tasks.forEach(({ epoch }, task) => {
          const was = old?.state.tasks[task]?.epoch ?? 0;
          if (epoch < was)
            fail(`the epoch of ${record.runId}/${task} fell from ${was} to ${epoch}`);
        });
      }
    },
  };
};

function keyOf({ runId, task, epoch }: Row): string {
  return attemptKey(runId, task, epoch);
}
