/**
 * What a watcher of one run is told.
 *
 * 1. Numbered events come from the control database in the order of their numbers, each once, without a gap.
 * 2. The bus only wakes; a poll finds what it missed, so a watcher needs PostgreSQL alone.
 * 3. The stream ends after the last event of a run that has ended, and not before.
 * 4. At most one page of events waits here: a slow reader costs time, not memory.
 */
import { FloeError, assert } from '@floe/errors';
import { expandEvents, type ExpandedEvent } from '@floe/scheduling';
import { TaskRun } from '@floe/rpc/contracts';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { snapshotToRun } from '../rows-to-run.ts';
import { runNotFound } from '../run-id.ts';
import { isFinalRunState } from '../states.ts';
import { readProgress } from '../store/read-progress.ts';
import { readRunEvents } from '../store/read-run-events.ts';
import { readRunHead } from '../store/read-runs.ts';
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
  const position = await startPosition(deps, options);
  const progress = new ProgressFilter();
  let spokeAt = performance.now();
  let progressAt = 0;
  while (!options.signal.aborted) {
    const head = await readHead(deps, options.runId);
    const before = position.sequence;
    yield* readNewEvents(deps, {
      runId: options.runId,
      position,
      untilSequence: head.event_sequence,
    });
    if (isFinalRunState(head.state)) return;
    let hasSpoken = position.sequence > before;
    const isRunning = head.state === 'running';
    if (isRunning && performance.now() - progressAt >= PROGRESS_MS) {
      progressAt = performance.now();
      for (const value of progress.changes(await readProgress(deps.db, options.runId))) {
        hasSpoken = true;
        yield { sequence: BigInt(position.sequence), update: { $case: 'progress', value } };
      }
    }
    if (!hasSpoken && performance.now() - spokeAt >= HEARTBEAT_MS) {
      hasSpoken = true;
      yield heartbeat(position, deps.now());
    }
    if (hasSpoken) spokeAt = performance.now();
    await wake.wait(isRunning ? PROGRESS_MS : POLL_MS);
  }
}

/** How far the watcher has read. */
type Position = { sequence: number };

async function startPosition(deps: Deps, options: WatchOptions): Promise<Position> {
  const { event_sequence: newest } = await readHead(deps, options.runId);
  const sequence = options.afterSequence;
  if (sequence >= 0 && sequence <= newest) return { sequence };
  throw new FloeError(
    'PAGE_TOKEN_INVALID',
    `the run has no event ${sequence}; its newest is ${newest}`,
    {
      details: { field: 'after_sequence', newest: String(newest) },
      hint: 'Pass the sequence of the last event that you have, or 0 for all.',
    },
  );
}

async function readHead(deps: Deps, runId: string) {
  const head = await readRunHead(deps.db, runId);
  if (head === undefined) throw runNotFound(runId);
  return head;
}

type NewEvents = {
  readonly runId: string;
  readonly position: Position;
  readonly untilSequence: number;
};

/** Invariants 1 and 4. The head was read before, so every event up to its number is there. */
async function* readNewEvents(
  deps: Deps,
  { runId, position, untilSequence }: NewEvents,
): AsyncGenerator<WatchRunResponse, void> {
  if (position.sequence >= untilSequence) return;
  const context = await deps.eventContexts.of(runId);
  while (position.sequence < untilSequence) {
    const before = position.sequence;
    for (const batch of await readRunEvents(deps.db, runId, before)) {
      for (const event of expandEvents(context, batch, position.sequence)) {
        const { sequence } = event;
        assert(sequence === position.sequence + 1, `run ${runId} skips to event ${sequence}`);
        position.sequence = sequence;
        yield toEventMessage(event, deps.jaegerUrl);
      }
    }
    assert(position.sequence > before, `run ${runId} has no event ${before + 1}`);
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

function heartbeat(position: Position, now: number): WatchRunResponse {
  return {
    sequence: BigInt(position.sequence),
    update: { $case: 'heartbeat', value: { time: new Date(now) } },
  };
}
