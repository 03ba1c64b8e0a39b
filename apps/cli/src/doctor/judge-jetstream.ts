/** What is well and what is not in JetStream, each with its mend. Knows neither NATS nor a clock. */
import type { ConsumerLag } from '@floe/bus';
import { formatBytes, formatPlural } from '../render/amounts.ts';
import { ok, warning, type Finding } from './check.ts';

export type StoreFacts = {
  readonly syncsAlways: boolean;
  readonly storedBytes: number;
  /** 0 when the server names none. */
  readonly storedBytesMax: number;
};

// Two seconds of the engine at its fastest: who is further behind does not keep up.
const EVENTS_PENDING_MAX = 10_000;
// The rest goes quickly when events come faster than they age.
const STORE_PART_MAX = 0.8;

/** Undefined: nobody said. */
export function judgeSync(syncsAlways: boolean | undefined): Finding {
  if (syncsAlways === true) return ok('jetstream', 'what it acknowledges is on the disk');
  if (syncsAlways === undefined) {
    const mend =
      'Set FLOE_NATS_MONITOR_URL to the http port of nats-server, and sync_interval: always within jetstream.';
    return warning('jetstream', 'whether it waits for the disk is not known', mend);
  }
  const mend =
    'Set sync_interval: always within jetstream { } (nats-server 2.10 or newer). Until then a power cut may lose events for subscribers; never a run.';
  return warning('jetstream', 'it acknowledges before the disk has it', mend);
}

export function judgeStore({ storedBytes, storedBytesMax }: StoreFacts): Finding {
  const found = `${formatBytes(storedBytes)} of ${formatBytes(storedBytesMax)} in use`;
  if (storedBytesMax === 0 || storedBytes <= storedBytesMax * STORE_PART_MAX) {
    return ok(
      'jetstream disk',
      storedBytesMax === 0 ? `${formatBytes(storedBytes)} in use` : found,
    );
  }
  const mend = 'Raise max_file_store within jetstream { }, and see that its disk has the room.';
  return warning('jetstream disk', found, mend);
}

/** Hints are not judged: while all executors are busy some always wait, and each goes after a minute. */
export function judgeLags(lags: readonly ConsumerLag[]): Finding {
  const readers = lags.filter(({ stream }) => stream !== 'FLOE_HINTS');
  const [worst] = readers.toSorted((a, b) => b.pending - a.pending);
  const counted = `${formatPlural(readers.length, 'reader')} of events, ${formatPlural(lags.length - readers.length, 'queue')} of hints`;
  if (worst === undefined || worst.pending <= EVENTS_PENDING_MAX) {
    return ok('consumers', `${counted}, none of them far behind`);
  }
  const found = `${worst.consumer} is ${formatPlural(worst.pending, 'event')} behind, ${worst.unacknowledged} given out`;
  const mend =
    'It reads more slowly than events come: see the log of whoever reads by that name; reporting sends OpenLineage as floe-openlineage.';
  return warning('consumers', found, mend);
}
