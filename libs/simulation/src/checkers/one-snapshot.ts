import type { RunRecord } from '@floe/scheduling';
import type { Fail, MakeChecker } from './checker.ts';

/** All parts of a dataset are of one snapshot, and none is missing. */
export const oneSnapshot: MakeChecker = ({ tables, itemsDone, snapshots }) => {
  /** What the part that counts last was read from, by partition, by task of a run. */
  const parts = new Map<string, Map<number, string | undefined>>();

  function note(runId: string, task: number, epoch: number): void {
    const record = tables.runs.get(runId)!;
    if (!isShared(record, task)) return;
    const attempt = `${runId}/${record.plan.graph.tasks[task]!.id}/${epoch}`;
    const known = parts.get(`${runId}/${task}`) ?? new Map<number, string | undefined>();
    parts.set(`${runId}/${task}`, known);
    for (const part of itemsDone.get(attempt) ?? []) known.set(part, snapshots.readBy(attempt));
  }

  function judge(record: RunRecord, task: number, fail: Fail): void {
    const { status, items } = record.state.tasks[task]!;
    if (status !== 'succeeded' || items === undefined) return;
    const where = `${record.runId}/${task}`;
    const known = parts.get(where) ?? new Map<number, string | undefined>();
    const missing = Array.from(items.done).findIndex((_, part) => known.get(part) === undefined);
    if (missing >= 0) return fail(`nobody has read partition ${missing} of ${where}`);
    const read = new Set(known.values());
    if (read.size > 1) fail(`the parts of ${where} are of ${read.size} snapshots`);
  }

  return {
    name: 'one-snapshot',
    promise: 'the partitions of a task together are one snapshot, whole',
    onCommit({ batch }, fail) {
      for (const { runId, task, epoch, state } of batch.ends)
        if (state === 'succeeded') note(runId, task, epoch);
      for (const { record, tasks } of batch.runs)
        for (const task of tasks) if (isShared(record, task)) judge(record, task, fail);
    },
  };
};

function isShared({ plan }: RunRecord, task: number): boolean {
  const { work } = plan.graph.tasks[task]!;
  return work.kind === 'items' && work.source.from === 'partitions';
}
