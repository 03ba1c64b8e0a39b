import { useState } from 'react';
import { usePolling } from './polling.ts';
import type { Follows } from './polling.ts';
import { keptAnswers } from './kept-answers.ts';

export type Answer<Value> = {
  /** Undefined until the first answer for this key. */
  readonly value: Value | undefined;
  /** Why the last call failed; undefined when it did not. */
  readonly error: unknown;
  readonly reload: () => void;
};

// What is asked once is asked again only when somebody wants it.
const NEVER_MS = 2 ** 31 - 1;

/** What a call answers, again whenever the key changes, what it follows does, and after `pauseMs` where that is set. */
export function useAnswer<Value>(options: {
  readonly key: string;
  readonly call: () => Promise<Value>;
  readonly pauseMs?: number;
  readonly follows?: Follows;
}): Answer<Value> {
  const { key, call, pauseMs = NEVER_MS, follows = 'nothing' } = options;
  const [shown, setShown] = useState<{ readonly key: string; readonly value: Value }>();
  const { error, refresh } = usePolling({ key, pauseMs, follows, call }, (value) => {
    keptAnswers.set(key, value);
    setShown({ key, value });
  });
  // A page that was seen before stands at once, and is brought up to date.
  const value = shown?.key === key ? shown.value : (keptAnswers.get(key) as Value | undefined);
  return { value, error, reload: refresh };
}
