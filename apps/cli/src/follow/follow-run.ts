import type { FloeClient, Run, TaskRun } from '@floe/client';
import { hasRunEnded } from '../render/states.ts';
import { patiently } from '../server/patiently.ts';
import type { Terminal } from '../terminal.ts';
import type { Display } from './display.ts';
import { createLiveDisplay } from './live-display.ts';
import { createPlainDisplay } from './plain-display.ts';
import { applyUpdate, viewRun, type RunView } from './run-view.ts';

// The largest workflow has 10,000 tasks, and a page at most 1,000.
const PAGES_MAX = 10;
const PAGE_SIZE = 1_000;

type FollowOptions = { readonly terminal: Terminal; readonly signal: AbortSignal };

/**
 * Shows a run on stderr until it has ended or the signal says to stop; gives the run as it was last seen, which has
 * not ended when the signal came first. Survives restarts of the server.
 */
export async function followRun(
  client: FloeClient,
  runId: string,
  { terminal, signal }: FollowOptions,
): Promise<Run> {
  const display = terminal.isLive ? createLiveDisplay(terminal) : createPlainDisplay(terminal);
  let view = await patiently(() => readView(client, runId));
  try {
    display.show(view);
    for await (const update of client.watchRun(runId, {
      signal,
      afterSequence: view.run.sequence,
      onReconnect: ({ attempt }) => remarkReconnect(display, attempt),
    })) {
      view = applyUpdate(view, update);
      display.show(view);
    }
    if (!signal.aborted && !hasRunEnded(view.run.state)) {
      view = await patiently(() => readView(client, runId));
      display.show(view);
    }
  } finally {
    display.end();
  }
  return view.run;
}

function remarkReconnect(display: Display, attempt: number): void {
  if (attempt === 1) display.remark('The gateway does not answer; the run goes on. Trying again …');
}

async function readView(client: FloeClient, runId: string): Promise<RunView> {
  const run = await client.getRun(runId);
  const [taskRuns, usualMs] = await Promise.all([
    listAllTaskRuns(client, runId),
    askUsualMs(client, run.workflowName),
  ]);
  return { ...viewRun(run, taskRuns), ...(usualMs !== undefined && { usualMs }) };
}

/** An estimate is a courtesy: without an answer there is none. */
async function askUsualMs(client: FloeClient, workflowName: string): Promise<number | undefined> {
  try {
    const { durationP50Ms } = await client.getWorkflowReport(workflowName);
    return Number(durationP50Ms) || undefined;
  } catch {
    return undefined;
  }
}

/** Every task run of a run, in the order of the workflow. */
export async function listAllTaskRuns(client: FloeClient, runId: string): Promise<TaskRun[]> {
  const all: TaskRun[] = [];
  let pageToken = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.listTaskRuns(runId, { pageSize: PAGE_SIZE, pageToken });
    all.push(...answer.taskRuns);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return all;
}
