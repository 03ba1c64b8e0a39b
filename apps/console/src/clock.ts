import { useSyncExternalStore } from 'react';
import { serverNow } from './server-clock.ts';

// Durations below ten seconds show tenths; four times a second looks alive and costs little.
const TICK_MS = 250;

const listeners = new Set<() => void>();
let nowMs = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = serverNow();
  for (const listener of listeners) listener();
}

/** One timer for all that ticks on the page; it rests while nothing does. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = serverNow();
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const rest = () => () => undefined;

/** The time, four times a second when live; otherwise as it was when last asked for. */
export function useNow(pace: 'live' | 'still'): number {
  return useSyncExternalStore(pace === 'live' ? subscribe : rest, () => nowMs);
}
