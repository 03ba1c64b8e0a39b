/**
 * News that runs have changed, for all that shows runs on the page: one stream, open while somebody listens.
 *
 * 1. News only wake: who hears them reads anew. So a lost one costs a moment, not the truth.
 * 2. A stream that cannot be had is tried again; meanwhile the listeners' own pauses bring them up to date.
 */
import { floe } from '../api.ts';

// The client itself has tried for half a minute by then.
const AGAIN_MS = 10_000;

const listeners = new Set<() => void>();
let stream: AbortController | undefined;

export function subscribeRunChanges(listener: () => void): () => void {
  listeners.add(listener);
  if (stream === undefined) {
    stream = new AbortController();
    void follow(stream.signal);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stream?.abort();
    stream = undefined;
  };
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _ of floe.watchRuns({ signal }))
        for (const listener of listeners) listener();
    } catch {
      // Whoever listens says itself when nothing answers (2).
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
