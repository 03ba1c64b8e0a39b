import { isRunEnded, isTaskEnded } from '@floe/engine';
import type { Parent, RunRecord } from '@floe/scheduling';
import { documentsOf } from '../scenario/documents.ts';
import type { MakeChecker } from './checker.ts';

// A relay that was lost is found in the outbox within seconds, and so is the one that follows from it.
const FOLLOWS_WITHIN_MS = 8_000;

/** A task that stands for a run ends as that run did; a run whose task was given up ends with it, or goes on, as told. */
export const childrenFollow: MakeChecker = ({ scenario, tables, wholeForMs }) => {
  const documents = documentsOf(scenario);
  const children = new Map<string, string>();
  /** Since when each child was seen to go on without its parent. */
  let seen = new Map<string, number>();

  function isAbandoned({ runId, task }: Parent): boolean {
    const { workflowName } = tables.runs.get(runId)!;
    return documents.task(workflowName, task).config['on_close'] === 'abandon';
  }

  function hasGivenUp({ runId, task, epoch }: Parent): boolean {
    const { status, epoch: newest } = tables.runs.get(runId)!.state.tasks[task]!;
    return isTaskEnded(status) || status === 'retrying' || newest > epoch;
  }

  return {
    name: 'children-follow',
    promise: 'a task starts one run, ends as that did, and takes it along or leaves it as told',
    onCommit({ before, created, batch }, fail) {
      for (const { record } of created) {
        if (record.parent === undefined) continue;
        const key = keyOf(record.parent);
        if (children.has(key)) fail(`${key} started ${children.get(key)!} and ${record.runId}`);
        children.set(key, record.runId);
      }
      for (const { record, tasks } of batch.runs) {
        const { runId, parent, state } = record;
        if (parent !== undefined && state.cancel?.cause === 'request' && isAbandoned(parent))
          fail(`${runId} was cancelled, and its parent was to leave it alone`);
        const was = before.get(runId);
        for (const task of tasks.filter((each) => hasSucceeded(record, was, each))) {
          const { epoch } = state.tasks[task]!;
          const child = tables.runs.get(children.get(keyOf({ runId, task, epoch })) ?? '');
          if (documents.task(record.workflowName, task).type === 'workflow')
            if (child?.state.status !== 'succeeded')
              fail(`${runId}/${task} succeeded, its run is ${child?.state.status ?? 'absent'}`);
        }
      }
    },
    onLook(fail) {
      const before = seen;
      seen = new Map();
      if (wholeForMs() < 0) return;
      for (const runId of children.values()) {
        const { parent, state } = tables.runs.get(runId)!;
        if (parent === undefined || isRunEnded(state.status) || state.status === 'cancelling')
          continue;
        if (isAbandoned(parent) || !hasGivenUp(parent)) continue;
        const since = before.get(runId) ?? wholeForMs();
        seen.set(runId, since);
        const overMs = wholeForMs() - since;
        if (overMs > FOLLOWS_WITHIN_MS)
          fail(`${runId} goes on, and its parent was given up ${overMs} ms ago`);
      }
    },
  };
};

function hasSucceeded(record: RunRecord, was: RunRecord | undefined, task: number): boolean {
  const isNew = was?.state.tasks[task]!.status !== 'succeeded';
  return isNew && record.state.tasks[task]!.status === 'succeeded';
}

function keyOf({ runId, task, epoch }: Parent): string {
  return `${runId}/${task}/${epoch}`;
}
