/**
 * The JetStream streams and consumers of Floe, in one table.
 *
 * Nothing in them is the truth: the control database is. `ensureStreams` makes what is missing at any time, also after
 * the JetStream folder was deleted. Settings that nats-server 2.9 does not know (metadata, compression, several
 * filters) are not used.
 */
import { AckPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { isStreamMissing } from './nats-errors.ts';
import {
  EVENT_SUBJECTS,
  HINT_SUBJECTS,
  LOG_SUBJECTS,
  hintConsumerName,
  hintSubject,
  type HintPlace,
} from './subjects.ts';

export const EVENTS_STREAM = 'FLOE_EVENTS';
export const HINTS_STREAM = 'FLOE_HINTS';
export const LOGS_STREAM = 'FLOE_LOGS';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;

// An outbox row that was published but not marked is published again within seconds; two minutes is NATS's own default.
const DEDUPLICATION_MS = 120_000;

// Work that nobody takes is announced again every second or two.
const HINT_AGE_MS = 60_000;

type StreamTable = Readonly<Record<string, Partial<StreamConfig> & { readonly name: string }>>;

const STREAMS: StreamTable = {
  [EVENTS_STREAM]: {
    name: EVENTS_STREAM,
    subjects: [EVENT_SUBJECTS],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    // A subscriber that was away for a week's holiday finds everything; some 500,000 events of half a KiB fit.
    max_age: nanos(7 * DAY_MS),
    max_bytes: 256 * MIB,
    max_msg_size: 256 * 1024,
    duplicate_window: nanos(DEDUPLICATION_MS),
  },
  [HINTS_STREAM]: {
    name: HINTS_STREAM,
    subjects: [HINT_SUBJECTS],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    // A pool needs no more wake-ups than it has executors; each finds all that is ready.
    max_msgs_per_subject: 64,
    // What was not taken by then has been said again.
    max_age: nanos(HINT_AGE_MS),
    // A hint has no body; the headers of a tracing client still fit.
    max_msg_size: 1024,
    duplicate_window: nanos(HINT_AGE_MS),
  },
  [LOGS_STREAM]: {
    name: LOGS_STREAM,
    subjects: [LOG_SUBJECTS],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(3 * DAY_MS),
    max_bytes: 512 * MIB,
    // One task that logs without end loses its own oldest lines, not those of others.
    max_msgs_per_subject: 5_000,
    max_msg_size: 512 * 1024,
    duplicate_window: nanos(DEDUPLICATION_MS),
  },
};

/** When each stream was created, by name: another time means that the old one was lost. */
export type StreamAges = ReadonlyMap<string, string>;

/** Makes the streams that are missing. Safe to call at any time and by many at once. */
export async function ensureStreams(manager: JetStreamManager): Promise<StreamAges> {
  const ages = new Map<string, string>();
  for (const config of Object.values(STREAMS)) {
    const info = await ensureStream(manager, config);
    ages.set(config.name, info.created);
  }
  return ages;
}

async function ensureStream(
  manager: JetStreamManager,
  config: StreamTable[string],
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(config.name);
  } catch (thrown) {
    if (!isStreamMissing(thrown)) throw thrown;
    // The server takes an equal stream twice, so a race with another service is harmless.
    return manager.streams.add(config);
  }
}

// An executor claims within milliseconds; a hint that is unacknowledged for longer was dropped by a crash.
const ACK_WAIT_MS = 10_000;
// A hint that was given out this often is not lost but wrong; the reconciler makes a new one.
const DELIVERIES_MAX = 20;
// Above the slots of any pool: reaching it would stop deliveries without an error.
const UNACKNOWLEDGED_MAX = 10_000;

/** Makes the durable consumer of a pool and lane unless it is there. */
export async function ensureHintConsumer(
  manager: JetStreamManager,
  place: HintPlace,
): Promise<string> {
  const name = hintConsumerName(place);
  await manager.consumers.add(HINTS_STREAM, {
    durable_name: name,
    filter_subject: hintSubject(place),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: DELIVERIES_MAX,
    max_ack_pending: UNACKNOWLEDGED_MAX,
  });
  return name;
}
