import { FloeError } from '@floe/errors';
import { openConnection } from './connection.ts';
import type { ConnectOptions, Connection } from './connection.ts';
import {
  publishChanges,
  publishStop,
  subscribeControl,
  watchAllChanges,
  watchChanges,
} from './control.ts';
import type { BusSubscription, StopHint } from './control.ts';
import { consumeEvents } from './consume-events.ts';
import type { ConsumeOptions, HeldEvent } from './consume-events.ts';
import { decodeEvent } from './event.ts';
import type { FloeEvent, ReceivedEvent } from './event.ts';
import { followStream } from './follow-stream.ts';
import { decodeLines } from './log-batch.ts';
import type { LogBatch, LogLine } from './log-batch.ts';
import { busUnavailable } from './nats-errors.ts';
import { openObjectBucket, type ObjectBucket } from './objects.ts';
import { EventPublisher } from './publish-events.ts';
import { publishLineage, subscribeLineage } from './publish-lineage.ts';
import type { LineageMessage } from './publish-lineage.ts';
import { publishLogs } from './publish-logs.ts';
import { publishNotice, type OutgoingNotice } from './publish-notice.ts';
import { readLags, type ConsumerLag } from './read-lags.ts';
import { countMalformed } from './refuse.ts';
import { EVENTS_STREAM, LOGS_STREAM } from './streams.ts';
import { eventFilterSubject, logFilterSubject } from './subjects.ts';
import type { EventFilter, HintPlace } from './subjects.ts';
import { HintReceiver, publishHints } from './work-hints.ts';
import type { NextHintOptions, WorkHint } from './work-hints.ts';

export type ReadLogsOptions = {
  readonly runId: string;
  /** All tasks of the run when absent. */
  readonly taskId?: string;
  /** The first batch wanted: the `sequence` of the last one read, plus 1. */
  readonly fromSequence?: number;
  /** True: go on as lines come, until the signal. False: end after what is there. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
};

export type SubscribeEventsOptions = {
  /** All events when absent. */
  readonly filter?: EventFilter;
  /** The first place wanted: the `streamSequence` of the last event read, plus 1. The beginning when absent. */
  readonly fromSequence?: number;
  readonly signal?: AbortSignal;
};

/** What Floe does with NATS. It survives restarts of the server and the loss of all its streams. */
export class Bus {
  readonly #connection: Connection;
  readonly #hints: HintReceiver;
  readonly #events: EventPublisher;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#hints = new HintReceiver(connection);
    this.#events = new EventPublisher(connection);
  }

  /** Stores an event for subscribers. Throws BUS_UNAVAILABLE. */
  publishEvent(event: FloeEvent): Promise<void> {
    return this.#events.publish(() => [event]);
  }

  /**
   * Stores events in their order; when it returns each of them is stored. They may be asked for twice. Throws
   * BUS_UNAVAILABLE: then some may be stored, and it is safe to publish all again.
   */
  publishEvents(events: () => Iterable<FloeEvent>): Promise<void> {
    return this.#events.publish(events);
  }

  /** Stores log lines in order. Throws BUS_UNAVAILABLE. */
  publishLogs(lines: readonly LogLine[]): Promise<void> {
    return publishLogs(this.#connection, lines);
  }

  /** Tells the subscribers of a subject that people chose. Throws BUS_UNAVAILABLE when the server may not have it. */
  publishNotice(notice: OutgoingNotice): Promise<void> {
    return publishNotice(this.#connection, notice);
  }

  /** Wakes executors: work is ready in these pools and lanes. May be lost. Does not throw. */
  publishHints(hints: readonly (HintPlace & { readonly count: number })[]): void {
    publishHints(this.#connection, hints);
  }

  /** The next wake-up of a pool and lane; undefined when none came in time. Does not throw. */
  nextHint(place: HintPlace, options: NextHintOptions): Promise<WorkHint | undefined> {
    return this.#hints.next(place, options);
  }

  /** How many messages were no hints, since the start. */
  get malformedCount(): number {
    return this.#hints.malformedCount;
  }

  /** The log lines of a run in order. Throws BUS_UNAVAILABLE when reading cannot begin. */
  async *readLogs(options: ReadLogsOptions): AsyncGenerator<LogBatch> {
    const messages = followStream(this.#connection, {
      stream: LOGS_STREAM,
      subject: logFilterSubject(options.runId, options.taskId),
      fromSequence: options.fromSequence,
      follow: options.follow,
      signal: options.signal,
    });
    for await (const message of messages) {
      const batch = decodeLines(message);
      if (batch === undefined) countMalformed('logs');
      else yield batch;
    }
  }

  /** Events in the order of the stream, from a place on and for as long as the signal lets. Throws BUS_UNAVAILABLE. */
  async *subscribeEvents(options: SubscribeEventsOptions = {}): AsyncGenerator<ReceivedEvent> {
    const messages = followStream(this.#connection, {
      stream: EVENTS_STREAM,
      subject: eventFilterSubject(options.filter ?? {}),
      fromSequence: options.fromSequence,
      follow: true,
      signal: options.signal,
    });
    for await (const message of messages) {
      const received = decodeEvent(message);
      if (received === undefined) countMalformed('events');
      else yield received;
    }
  }

  /**
   * Events that one of all who use the same name gets, and gets again until it says that it is done with them. From the
   * first use of the name on. Throws BUS_UNAVAILABLE.
   */
  consumeEvents(options: ConsumeOptions): AsyncGenerator<HeldEvent> {
    return consumeEvents(this.#connection, options);
  }

  /** Publishes an OpenLineage event for whoever listens. May be lost. Does not throw. */
  publishLineage(event: LineageMessage): void {
    publishLineage(this.#connection, event);
  }

  /** Calls back for OpenLineage events that are published from now on. */
  subscribeLineage(onEvent: (event: LineageMessage) => void): BusSubscription {
    return subscribeLineage(this.#connection, onEvent);
  }

  /** How far those who read work and events by a name are behind. Throws BUS_UNAVAILABLE. */
  readLags(): Promise<readonly ConsumerLag[]> {
    return readLags(this.#connection);
  }

  /** The place of the newest event: who reads from the next one on hears only what happens from now on. */
  async newestEvent(): Promise<number> {
    try {
      const { state } = await this.#connection.manager.streams.info(EVENTS_STREAM);
      return state.last_seq;
    } catch (thrown) {
      throw busUnavailable(`cannot look at ${EVENTS_STREAM}`, thrown);
    }
  }

  /** Tells those who watch these runs that there is news to read. May be lost. Does not throw. */
  publishChanges(runIds: readonly string[]): void {
    publishChanges(this.#connection, runIds);
  }

  /** Calls back when a run has news, and once when the subscription stands; it may miss and repeat. */
  watchChanges(runId: string, onChange: () => void): BusSubscription {
    return watchChanges(this.#connection, runId, onChange);
  }

  /** Calls back with every run that has news; may miss some. */
  watchAllChanges(onChange: (runId: string) => void): BusSubscription {
    return watchAllChanges(this.#connection, onChange);
  }

  /** Tells an executor to look at an attempt that should stop. May be lost. */
  publishStop(executorId: string, hint: StopHint): void {
    publishStop(this.#connection, executorId, hint);
  }

  /** Calls back for the stop hints of an executor. */
  subscribeControl(executorId: string, onStop: (hint: StopHint) => void): BusSubscription {
    return subscribeControl(this.#connection, executorId, onStop);
  }

  /** The files of a bucket of the object store; it is made with the first call. */
  objects(bucket: string): ObjectBucket {
    return openObjectBucket(this.#connection, bucket);
  }

  /** Throws BUS_UNAVAILABLE while there is no connection. */
  async requireConnection(): Promise<void> {
    if (!this.isConnected) throw new FloeError('BUS_UNAVAILABLE', 'there is no connection to NATS');
  }

  get isConnected(): boolean {
    return this.#connection.isConnected;
  }

  /** Sends what is buffered and closes. Loops over hints, logs and events end. */
  stop(): Promise<void> {
    return this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Connects to NATS and makes the streams. Throws BUS_UNAVAILABLE when that does not succeed in time. */
export async function connectBus(options: ConnectOptions): Promise<Bus> {
  return new Bus(await openConnection(options));
}
