import { useEffect, useEffectEvent, useState } from 'react';
import { useSession } from './session.ts';
import { subscribeRunChanges } from './streams/run-changes.ts';

export type Polling = {
  /** Why the last call failed; undefined when it did not. */
  readonly error: unknown;
  /** Calls now, and goes on from there. */
  readonly refresh: () => void;
};

/** What to follow: nothing, or the changes of runs, of which each ends the pause. */
export type Follows = 'nothing' | 'runs';

// Runs that change all the time cost four calls a second, not one for each change.
const PAUSE_MS_MIN = 250;

/**
 * Calls again and again while the page is visible, one call at a time, the pause after the answer. Starts over when
 * the key changes, or somebody has signed in; what an older key still answers is not handed on.
 */
export function usePolling<Answer>(
  options: {
    readonly key: string;
    readonly pauseMs: number;
    readonly follows?: Follows;
    readonly call: () => Promise<Answer>;
  },
  onAnswer: (answer: Answer) => void,
): Polling {
  const { key, pauseMs, follows = 'nothing' } = options;
  const [error, setError] = useState<unknown>(undefined);
  const [round, setRound] = useState(0);
  const { era } = useSession();
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
    const wake = new Wake();
    const leave = follows === 'runs' ? subscribeRunChanges(() => wake.ring()) : () => undefined;
    void repeat(once, () => wake.wait(pauseMs, stopped.signal), stopped.signal);
    return () => {
      leave();
      stopped.abort();
    };
  }, [key, pauseMs, follows, round, era]);
  return { error, refresh: () => setRound((count) => count + 1) };
}

async function repeat(
  once: () => Promise<void>,
  rest: () => Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    await once();
    await rest();
    await visible(stopped);
  }
}

/** A pause that a bell ends. One that rings while nobody waits is heard when somebody does. */
class Wake {
  #hasRung = false;
  #end: () => void = () => undefined;

  ring(): void {
    this.#hasRung = true;
    this.#end();
  }

  async wait(limitMs: number, stopped: AbortSignal): Promise<void> {
    await this.#pause(Math.min(PAUSE_MS_MIN, limitMs), stopped);
    if (!this.#hasRung) await this.#pause(limitMs, stopped, () => this.#hasRung);
    this.#hasRung = false;
  }

  #pause(
    milliseconds: number,
    stopped: AbortSignal,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    return new Promise((resolve) => {
      const over = new AbortController();
      const end = () => {
        clearTimeout(timer);
        over.abort();
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#end = () => {
        if (isOver()) end();
      };
      stopped.addEventListener('abort', end, { signal: over.signal });
    });
  }
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
