import { readPastRuns, type FloeClient, type Run, type TaskRun } from '@floe/client';
import { hasRunEnded } from '../render/states.ts';
import { patiently } from '../server/patiently.ts';
import type { Colors, Terminal } from '../terminal.ts';
import type { Display } from './display.ts';
import { createLiveDisplay } from './live-display.ts';
import { createPlainDisplay } from './plain-display.ts';
import { askQuestions, asksSomebody, questionLines } from './questions.ts';
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
  const onWait = () => display.remark('The gateway does not answer. Trying again …');
  let view = await patiently(() => readView(client, runId), { onWait, signal });
  // Its tasks were read after its number: events up to here tell what is on the screen already, and older things.
  const { sequence: seen } = await patiently(() => client.getRun(runId), { signal });
  const questions = new ShownQuestions(display, terminal.errorColors);
  const show = (): void => {
    display.show(view);
    questions.show(view);
  };
  try {
    show();
    for await (const update of client.watchRun(runId, {
      signal,
      afterSequence: view.run.sequence,
      onReconnect: ({ attempt }) => remarkReconnect(display, attempt),
    })) {
      view = applyUpdate(view, update);
      const isNews = update.kind === 'progress' || BigInt(update.sequence) >= BigInt(seen);
      if (isNews) show();
    }
    if (!signal.aborted && !hasRunEnded(view.run.state)) {
      view = await patiently(() => readView(client, runId));
    }
    display.show(view);
  } finally {
    display.end();
  }
  return view.run;
}

/** Each question is said once: it stays above what is drawn anew. */
class ShownQuestions {
  readonly #display: Display;
  readonly #colors: Colors;
  readonly #shown = new Set<string>();

  constructor(display: Display, colors: Colors) {
    this.#display = display;
    this.#colors = colors;
  }

  show({ tasks, questions }: RunView): void {
    for (const task of tasks.values()) {
      if (!asksSomebody(task) || this.#shown.has(task.taskId)) continue;
      this.#shown.add(task.taskId);
      for (const line of questionLines(task, questions, this.#colors)) this.#display.remark(line);
    }
  }
}

function remarkReconnect(display: Display, attempt: number): void {
  if (attempt === 1) display.remark('The gateway does not answer; the run goes on. Trying again …');
}

async function readView(client: FloeClient, runId: string): Promise<RunView> {
  const run = await client.getRun(runId);
  const [taskRuns, past] = await Promise.all([
    listAllTaskRuns(client, runId),
    readPastRuns(client, run.workflowName),
  ]);
  const questions = await askQuestions(client, run, taskRuns);
  return {
    ...viewRun(run, taskRuns),
    past,
    questions,
  };
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
