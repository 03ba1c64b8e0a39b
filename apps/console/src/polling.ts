import { useEffect, useEffectEvent, useState } from 'react';

export type Polling = {
  /** Why the last call failed; undefined when it did not. */
  readonly error: unknown;
  /** Calls now, and goes on from there. */
  readonly refresh: () => void;
};

/**
 * Calls again and again while the page is visible, one call at a time, the pause after the answer. Starts over when
 * the key changes; what an older key still answers is not handed on.
 */
export function usePolling<Answer>(
  options: {
    readonly key: string;
    readonly pauseMs: number;
    readonly call: () => Promise<Answer>;
  },
  onAnswer: (answer: Answer) => void,
): Polling {
  const { key, pauseMs } = options;
  const [error, setError] = useState<unknown>(undefined);
  const [round, setRound] = useState(0);
  const call = useEffectEvent(options.call);
  const take = useEffectEvent(onAnswer);
  useEffect(() => {
    const stopped = new AbortController();
    const once = async () => {
      try {
        const answer = await call();
        if (stopped.signal.aborted) return;
        take(answer);
        setError(undefined);
      } catch (thrown) {
        if (!stopped.signal.aborted) setError(thrown);
      }
    };
    void repeat(once, pauseMs, stopped.signal);
    return () => stopped.abort();
  }, [key, pauseMs, round]);
  return { error, refresh: () => setRound((count) => count + 1) };
}

async function repeat(
  once: () => Promise<void>,
  pauseMs: number,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    await once();
    await pause(pauseMs, stopped);
    await visible(stopped);
  }
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stopped.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Waits until somebody can see the page. */
function visible(stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === 'visible' || stopped.aborted) {
      resolve();
      return;
    }
    const done = new AbortController();
    const settle = () => {
      if (document.visibilityState !== 'visible' && !stopped.aborted) return;
      done.abort();
      resolve();
    };
    document.addEventListener('visibilitychange', settle, { signal: done.signal });
    stopped.addEventListener('abort', settle, { signal: done.signal });
  });
}
