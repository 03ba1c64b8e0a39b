/**
 * Tells an OpenLineage collector, and whoever listens on NATS, what runs did.
 *
 *   O1. Runs do not wait for it: it reads what has happened, from the stream of events and from rows.
 *   O2. One of all reporting services tells a run. It is done with an event when the collector has taken all that follows
 *       from it; else it comes again, for the better part of an hour. What is told twice is the same (B3).
 *   O3. What a collector refuses for good is dropped with a line in the log.
 */
import type { Bus, HeldEvent } from '@floe/bus';
import { toFloeError } from '@floe/errors';
import { buildRunEvents, type RunEvent } from '@floe/openlineage';
import type { Log } from '@floe/telemetry';
import type { Deps } from '../deps.ts';
import { isFinalRunState } from '../states.ts';
import { postEvent, type LineageEndpoint } from './post-event.ts';
import { readLineageRun } from './read-facts.ts';

export type LineageLaneOptions = {
  readonly bus: Bus;
  readonly db: Deps['db'];
  readonly log: Log;
  readonly endpoint: LineageEndpoint;
  readonly jobNamespace: string;
  readonly producer: string;
};

const CONSUMER = 'floe-openlineage';
// A replica shows what happened within seconds.
const NOT_YET_MS = 1_000;
// A collector that is away is asked again this much later.
const AWAY_MS = 30_000;
// Signs of life while the events of a large run are sent, far below the time that the bus waits for one.
const HOLD_EVERY_MS = 10_000;

export class LineageLane {
  readonly #options: LineageLaneOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: LineageLaneOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { bus } = this.#options;
    const { signal } = this.#stopping;
    const filter = { entity: 'run' as const };
    for await (const held of bus.consumeEvents({ name: CONSUMER, filter, signal })) {
      if (isTold(held.event.event)) await this.#tell(held);
      else held.done();
    }
  }

  async #tell(held: HeldEvent): Promise<void> {
    const { log } = this.#options;
    const { runId, event } = held.event;
    try {
      const events = await this.#eventsOf(runId, event);
      if (events === undefined) return held.again(NOT_YET_MS);
      await this.#send(held, events);
      held.done();
    } catch (thrown) {
      const error = toFloeError(thrown);
      log.warn({ err: error, run_id: runId }, 'the lineage of a run was not taken');
      if (error.isRetryable) held.again(AWAY_MS);
      else held.done();
    }
  }

  /** Undefined when the rows do not show yet what the event says. */
  async #eventsOf(runId: string, event: string): Promise<RunEvent[] | undefined> {
    const { db, producer, jobNamespace } = this.#options;
    const run = await readLineageRun(db, runId);
    if (run === undefined) return undefined;
    const events = buildRunEvents(run, { producer, jobNamespace });
    if (event === 'started') return events.slice(0, 1);
    return run.end === undefined ? undefined : events;
  }

  async #send(held: HeldEvent, events: readonly RunEvent[]): Promise<void> {
    const { bus, endpoint } = this.#options;
    const { workflow, runId } = held.event;
    let heldAt = performance.now();
    for (const event of events) {
      if (this.#stopping.signal.aborted) return held.again(NOT_YET_MS);
      const body = JSON.stringify(event);
      await postEvent(endpoint, body);
      bus.publishLineage({ workflow, runId, type: event.eventType, body });
      if (performance.now() - heldAt < HOLD_EVERY_MS) continue;
      heldAt = performance.now();
      held.hold();
    }
  }
}

function isTold(event: string): boolean {
  return event === 'started' || isFinalRunState(event);
}
