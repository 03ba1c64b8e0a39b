/**
 * The log of a run, line by line.
 *
 * The bus keeps lines in batches, each under one number. Here every line has a number of its own, made of that of its
 * batch and its place in it, so that a reader can stop anywhere and go on without a gap or a double.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '@floe/errors';
import type { LogBatch, LogLine as BusLogLine } from '@floe/bus';
import type { TailLogsResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import type { LineFilter } from './line-filter.ts';
import { waitForRunEnd } from './run-end.ts';

// More lines than any batch has: batch 7, second line is number 7 × 64 + 2.
const LINES_PER_BATCH_MAX = 64;
// Executors send their last lines in batches; those of a run that has just ended arrive within this time.
const LATE_LINES_MS = 1_000;

export type LogRequest = {
  readonly runId: string;
  /** Empty for all. */
  readonly taskId: string;
  readonly afterSequence: number;
  /** Lines that the caller did not ask for are read and not told. */
  readonly wanted: LineFilter;
  readonly signal: AbortSignal;
};

/** The lines that are there. Throws BUS_UNAVAILABLE. */
export async function* readStoredLines(
  deps: Deps,
  request: LogRequest,
): AsyncGenerator<TailLogsResponse, void> {
  yield* readLines(deps, request, { follow: false });
}

/** The lines that are there and those that come, until the run has ended and its last lines are told. */
export async function* followLines(
  deps: Deps,
  request: LogRequest,
): AsyncGenerator<TailLogsResponse, void> {
  const following = new AbortController();
  const signal = AbortSignal.any([request.signal, following.signal]);
  const ended = waitForRunEnd(deps, request.runId, signal).then(() =>
    delay(LATE_LINES_MS, undefined, { signal }),
  );
  // Its failure is thrown below, once the reading has ended because of it.
  ended.catch(() => undefined).finally(() => following.abort());
  let { afterSequence } = request;
  try {
    for await (const line of readLines(deps, { ...request, signal }, { follow: true })) {
      afterSequence = Number(line.sequence);
      yield line;
    }
    if (request.signal.aborted) return;
    await ended;
    yield* readStoredLines(deps, { ...request, afterSequence });
  } finally {
    following.abort();
  }
}

async function* readLines(
  deps: Deps,
  request: LogRequest,
  { follow }: { readonly follow: boolean },
): AsyncGenerator<TailLogsResponse, void> {
  const { runId, taskId, afterSequence, wanted, signal } = request;
  const fromSequence = Math.floor(afterSequence / LINES_PER_BATCH_MAX);
  const batches = deps.bus.readLogs({
    runId,
    ...(taskId === '' ? {} : { taskId }),
    ...(afterSequence === 0 ? {} : { fromSequence }),
    follow,
    signal,
  });
  for await (const batch of batches) {
    // Of the batch in which the reader stopped, the lines that it has are left out.
    const seen = batch.sequence === fromSequence ? afterSequence % LINES_PER_BATCH_MAX : 0;
    for (const message of toMessages(batch, wanted, seen)) yield message;
  }
}

/** Lines keep the numbers that they have among all. */
function toMessages(batch: LogBatch, wanted: LineFilter, seen: number): TailLogsResponse[] {
  assert(batch.lines.length < LINES_PER_BATCH_MAX, `log batch ${batch.sequence} is too long`);
  return batch.lines.flatMap((line, index) => {
    if (index < seen || !wanted(line)) return [];
    const sequence = BigInt(batch.sequence) * BigInt(LINES_PER_BATCH_MAX) + BigInt(index + 1);
    return [{ sequence, line: toLogLine(line) }];
  });
}

function toLogLine(line: BusLogLine): TailLogsResponse['line'] {
  const { level, taskId, attempt, message } = line;
  const fields = line.fields === undefined ? undefined : { ...line.fields };
  return { time: new Date(line.timeMs), level, taskId, attempt, message, fields };
}
