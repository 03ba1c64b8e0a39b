import { useSyncExternalStore } from 'react';

/** The zone that instants are written in: that of the browser, or the one that logs of servers are in. */
export type Zone = 'local' | 'utc';

const KEY = 'floe.zone';
const listeners = new Set<() => void>();
let zone: Zone = readZone();

function readZone(): Zone {
  try {
    return localStorage.getItem(KEY) === 'utc' ? 'utc' : 'local';
  } catch {
    // Storage may be switched off; the zone of the browser is good enough.
    return 'local';
  }
}

export function chosenZone(): Zone {
  return zone;
}

export function chooseZone(chosen: Zone): void {
  zone = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Then it holds for this page alone.
  }
  for (const listener of listeners) listener();
}

export function useZone(): Zone {
  return useSyncExternalStore(subscribe, chosenZone);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
