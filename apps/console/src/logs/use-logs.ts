import { useEffect, useState } from 'react';
import type { LogEntry } from '@floe/client';
import { floe } from '../api.ts';
import { EMPTY_LOG, withEntries } from './log-buffer.ts';
import type { LogBuffer } from './log-buffer.ts';

// Lines that come close together are drawn together.
const FLUSH_MS = 100;

export type Logs = { readonly log: LogBuffer; readonly error: unknown; readonly retry: () => void };

/** The log of a run, or of one task of it, as it is written. */
export function useLogs(runId: string, taskId: string): Logs {
  const [log, setLog] = useState(EMPTY_LOG);
  const [error, setError] = useState<unknown>(undefined);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stopped = new AbortController();
    const batch = new Batch((entries) => setLog((before) => withEntries(before, entries)));
    setLog(EMPTY_LOG);
    setError(undefined);
    readLog({ runId, taskId, signal: stopped.signal }, batch).catch((thrown: unknown) => {
      if (!stopped.signal.aborted) setError(thrown);
    });
    return () => {
      stopped.abort();
      batch.stop();
    };
  }, [runId, taskId, round]);
  return { log, error, retry: () => setRound((count) => count + 1) };
}

type Source = { readonly runId: string; readonly taskId: string; readonly signal: AbortSignal };

async function readLog({ runId, taskId, signal }: Source, batch: Batch): Promise<void> {
  const only = taskId === '' ? {} : { taskId };
  for await (const entry of floe.tailLogs(runId, { ...only, signal })) batch.add(entry);
}

/** Hands lines on in groups. What is left when it is stopped is dropped. */
class Batch {
  readonly #flush: (entries: readonly LogEntry[]) => void;
  #entries: LogEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(flush: (entries: readonly LogEntry[]) => void) {
    this.#flush = flush;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush(this.#entries);
      this.#entries = [];
    }, FLUSH_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
