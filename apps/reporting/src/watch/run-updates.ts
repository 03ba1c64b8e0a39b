/**
 * What a watcher of one run is told.
 *
 * 1. Numbered events come from the control database in the order of their numbers, each once, without a gap.
 * 2. The bus only wakes; a poll finds what it missed, so a watcher needs PostgreSQL alone.
 * 3. The stream ends after the last event of a run that has ended, and not before.
 * 4. At most one page of events waits here: a slow reader costs time, not memory.
 */
import { FloeError, assert } from '@floe/errors';
import {
  expandEvents,
  type EventBatch,
  type EventContext,
  type ExpandedEvent,
} from '@floe/scheduling';
import { TaskRun } from '@floe/rpc/contracts';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { snapshotToRun } from '../rows-to-run.ts';
import { runNotFound } from '../run-id.ts';
import { isFinalRunState } from '../states.ts';
import { readProgress } from '../store/read-progress.ts';
import { readRunNews, type RunNews } from '../store/read-run-news.ts';
import { ProgressFilter } from './progress-filter.ts';
import { RunWake } from './run-wake.ts';

export type WatchOptions = {
  readonly runId: string;
  readonly afterSequence: number;
  readonly signal: AbortSignal;
};

// Between two looks when the bus is silent: what it missed is told this late at most.
const POLL_MS = 1_000;
// As often as an eye follows a number; it is the poll too while tasks run.
const PROGRESS_MS = 500;
// Proxies close streams that are silent for a minute; clients take three of these as the end of a connection.
const HEARTBEAT_MS = 10_000;

/** Throws RUN_NOT_FOUND, PAGE_TOKEN_INVALID for a number that the run has not reached, DATABASE_UNAVAILABLE. */
export async function* readRunUpdates(
  deps: Deps,
  options: WatchOptions,
): AsyncGenerator<WatchRunResponse, void> {
  using wake = new RunWake(deps.bus, options);
  const telling = await beginTelling(deps, options);
  const progress = new ProgressFilter();
  let spokeAt = performance.now();
  let progressAt = 0;
  let news: RunNews | undefined = telling.news;
  while (!options.signal.aborted) {
    news ??= await readNews(deps, options.runId, telling.sequence);
    const { state, newest, batches } = news;
    news = undefined;
    let hasSpoken = batches.length > 0;
    for (const batch of batches) yield* tellBatch(telling, batch, deps.jaegerUrl);
    if (telling.sequence < newest) continue;
    if (isFinalRunState(state)) return;
    const isRunning = state === 'running';
    if (isRunning && performance.now() - progressAt >= PROGRESS_MS) {
      progressAt = performance.now();
      for (const value of progress.changes(await readProgress(deps.db, options.runId))) {
        hasSpoken = true;
        yield { sequence: BigInt(telling.sequence), update: { $case: 'progress', value } };
      }
    }
    if (!hasSpoken && performance.now() - spokeAt >= HEARTBEAT_MS) {
      hasSpoken = true;
      yield heartbeat(telling.sequence, deps.now());
    }
    if (hasSpoken) spokeAt = performance.now();
    await wake.wait(isRunning ? PROGRESS_MS : POLL_MS);
  }
}

/** How far the watcher has been told, and what telling needs. */
type Telling = { sequence: number; readonly context: EventContext };

async function beginTelling(
  deps: Deps,
  { runId, afterSequence: sequence }: WatchOptions,
): Promise<Telling & { readonly news: RunNews }> {
  const [context, news] = await Promise.all([
    deps.eventContexts.of(runId),
    readNews(deps, runId, sequence),
  ]);
  const { newest } = news;
  if (sequence >= 0 && sequence <= newest) return { sequence, context, news };
  throw new FloeError(
    'PAGE_TOKEN_INVALID',
    `the run has no event ${sequence}; its newest is ${newest}`,
    {
      details: { field: 'after_sequence', newest: String(newest) },
      hint: 'Pass the sequence of the last event that you have, or 0 for all.',
    },
  );
}

async function readNews(deps: Deps, runId: string, afterSequence: number): Promise<RunNews> {
  const news = await readRunNews(deps, runId, afterSequence);
  if (news === undefined) throw runNotFound(runId);
  const isStuck = news.batches.length === 0 && afterSequence < news.newest;
  assert(!isStuck, `run ${runId} has no event ${afterSequence + 1}`);
  return news;
}

/** Invariant 1. */
function* tellBatch(
  telling: Telling,
  batch: EventBatch,
  jaegerUrl: string,
): Generator<WatchRunResponse, void> {
  for (const event of expandEvents(telling.context, batch, telling.sequence)) {
    const { sequence } = event;
    assert(sequence === telling.sequence + 1, `run ${batch.runId} skips to event ${sequence}`);
    telling.sequence = sequence;
    yield toEventMessage(event, jaegerUrl);
  }
}

function toEventMessage({ sequence, type, at, data }: ExpandedEvent, jaegerUrl: string) {
  const { run, taskRun } = data;
  const value = {
    type,
    time: new Date(at),
    run: snapshotToRun(run, jaegerUrl),
    taskRun: taskRun === undefined ? undefined : TaskRun.fromJSON(taskRun),
  };
  return { sequence: BigInt(sequence), update: { $case: 'event' as const, value } };
}

function heartbeat(sequence: number, now: number): WatchRunResponse {
  return {
    sequence: BigInt(sequence),
    update: { $case: 'heartbeat', value: { time: new Date(now) } },
  };
}
