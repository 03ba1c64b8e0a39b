import { useEffect, useReducer, useState } from 'react';
import type { TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { isPassing } from '../problem.ts';
import { hasEnded } from '../state/state-mark.ts';
import type { RunModel } from './run-model.ts';
import { NOT_LOADED, changeView } from './run-view.ts';
import { UpdateBatch } from './update-batch.ts';
import type { RunChange, RunView } from './run-view.ts';

// The most that the API gives at once, ten times: more tasks than that no graph can show.
const TASKS_PAGE_SIZE = 1_000;
const TASK_PAGES_MAX = 10;
// The client itself has tried for half a minute by then.
const BROKEN_PAUSE_MS = 10_000;

/** One run as it changes: read once, then kept up to date by its stream of events until it has ended. */
export function useRun(runId: string): RunView & { readonly reload: () => void } {
  const [view, change] = useReducer(changeView, NOT_LOADED);
  const [round, setRound] = useState(0);
  const reload = () => setRound((count) => count + 1);
  useEffect(() => {
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (next: RunChange) => {
      if (!stopped.signal.aborted) change(next);
    };
    followRun(runId, stopped.signal, tell).catch((error: unknown) => {
      if (stopped.signal.aborted) return;
      change({ kind: 'broken', error });
      if (isPassing(error)) timer = setTimeout(reload, BROKEN_PAUSE_MS);
    });
    return () => {
      stopped.abort();
      clearTimeout(timer);
    };
  }, [runId, round]);
  return { ...view, reload };
}

async function followRun(
  runId: string,
  signal: AbortSignal,
  tell: (change: RunChange) => void,
): Promise<void> {
  const model = await readRun(runId);
  if (hasEnded(model.run.state)) {
    tell({ kind: 'loaded', model, report: await floe.getRunReport(runId) });
    return;
  }
  tell({ kind: 'loaded', model });
  const onReconnect = ({ error }: { readonly error: Error }) =>
    tell({ kind: 'reconnecting', error });
  const options = { afterSequence: model.sequence, signal, onReconnect };
  const batch = new UpdateBatch((updates) => tell({ kind: 'updated', updates }));
  for await (const update of floe.watchRun(runId, options)) batch.add(update);
  if (signal.aborted) return;
  batch.flush();
  const [ended, report] = await Promise.all([readRun(runId), floe.getRunReport(runId)]);
  tell({ kind: 'loaded', model: ended, report });
}

/** The run before its tasks: an event between the two comes again and is harmless, none is missed. */
async function readRun(runId: string): Promise<RunModel> {
  const run = await floe.getRun(runId);
  return { run, tasks: await readTasks(runId), sequence: run.sequence };
}

async function readTasks(runId: string): Promise<readonly TaskRun[]> {
  const tasks: TaskRun[] = [];
  let pageToken = '';
  for (let page = 0; page < TASK_PAGES_MAX; page += 1) {
    const answer = await floe.listTaskRuns(runId, { pageSize: TASKS_PAGE_SIZE, pageToken });
    tasks.push(...answer.taskRuns);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return tasks;
}
