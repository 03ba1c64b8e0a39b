/**
 * The connection to NATS, and the care for the streams behind it.
 *
 * 1. It reconnects for ever, with a bounded wait between tries.
 * 2. After every reconnect the streams are made again if they are missing: a server that lost its JetStream folder is
 *    whole again without a person.
 * 3. Whoever follows a stream is told when it was lost, through `onStreamsReplaced`: its sequence numbers began anew.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions, Status } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { createInbox, errors } from '@nats-io/nats-core';
import type { Log } from '@floe/telemetry';
import { LinkState } from './link-state.ts';
import { inboxPrefix, natsAccess, shownUrls, type BusAccess } from './nats-access.ts';
import { busUnavailable } from './nats-errors.ts';
import { ensureStreams } from './streams.ts';
import type { StreamAges } from './streams.ts';

export type ConnectOptions = {
  /** Like `nats://127.0.0.1:4222` or `tls://user:password@nats`; any servers of one cluster. */
  readonly urls: readonly string[];
  /** Shown in NATS's own monitoring, and a part of the names of inboxes. */
  readonly name: string;
  /** Absent: no more than a user and password that stand in the address. */
  readonly access?: BusAccess | undefined;
  readonly log: Log;
  /** How long the first connection may take; 10 s when absent. */
  readonly connectWithinMs?: number;
};

const CONNECT_WITHIN_MS = 10_000;
// One try: loopback and a data centre answer in milliseconds.
const TRY_MS = 2_000;
const TRY_AGAIN_MS = 200;
// The wait between reconnects: a restarted server is found within a second.
const RECONNECT_WAIT_MS = 500;
const RECONNECT_JITTER_MS = 250;
// Two unanswered pings of this interval end a connection whose peer is gone without a word.
const PING_INTERVAL_MS = 5_000;
const PINGS_UNANSWERED_MAX = 2;
// One request to JetStream: longer than a disk flush, shorter than an executor's patience.
export const REQUEST_MS = 5_000;
// Time to send what is buffered at the end; without a server it would wait for ever.
const CLOSE_WITHIN_MS = 2_000;

export class Connection {
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly log: Log;
  readonly #link = new LinkState(REQUEST_MS);
  readonly #onReplaced = new Set<() => void>();
  readonly #inboxPrefix: string;

  #ages: StreamAges = new Map();
  #ensuring: Promise<void> | undefined;

  constructor(nats: NatsConnection, manager: JetStreamManager, options: ConnectOptions) {
    this.nats = nats;
    this.manager = manager;
    this.jetstream = jetstream(nats, { timeout: REQUEST_MS });
    this.log = options.log;
    this.#inboxPrefix = inboxPrefix(options.name);
    void this.#watchStatus(nats.status());
  }

  /** Runs a request that needs an answer: on a standing connection, and failing as soon as that breaks. */
  request<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#link.run(work);
  }

  /** Makes missing streams; calls at the same time share one pass. Throws BUS_UNAVAILABLE. */
  ensure(): Promise<void> {
    this.#ensuring ??= this.#ensureOnce().finally(() => {
      this.#ensuring = undefined;
    });
    return this.#ensuring;
  }

  /** Calls back when a stream was made anew. Returns what ends that. */
  onStreamsReplaced(listener: () => void): () => void {
    this.#onReplaced.add(listener);
    return () => void this.#onReplaced.delete(listener);
  }

  /** A subject for answers, which nobody else uses. */
  newInbox(): string {
    return createInbox(this.#inboxPrefix);
  }

  get isConnected(): boolean {
    return this.#link.isUp;
  }

  /** Sends what is buffered and closes; by force when the server does not take it in time. */
  async close(): Promise<void> {
    if (this.nats.isClosed()) return;
    const drained = this.nats.drain().catch(() => undefined);
    const limit = new AbortController();
    const late = delay(CLOSE_WITHIN_MS, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([drained, late]);
    limit.abort();
    await this.nats.close();
  }

  async #ensureOnce(): Promise<void> {
    try {
      const before = this.#ages;
      this.#ages = await this.request(() => ensureStreams(this.manager));
      const isReplaced = [...before].some(([name, age]) => this.#ages.get(name) !== age);
      if (!isReplaced) return;
      this.log.warn('JetStream lost its streams; they were made again');
      for (const listener of this.#onReplaced) listener();
    } catch (thrown) {
      throw busUnavailable('the JetStream streams cannot be made', thrown);
    }
  }

  #onDisconnect(): void {
    this.#link.goDown();
    if (!this.nats.isClosed()) this.log.warn('NATS is gone; trying to reconnect');
  }

  /** Invariant 2. A failure here is told and not thrown: whoever needs a stream next ensures it again. */
  async #watchStatus(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const status of statuses) {
      if (status.type === 'disconnect') this.#onDisconnect();
      if (status.type === 'error') this.log.warn({ err: status.error }, 'NATS reports an error');
      if (status.type !== 'reconnect') continue;
      this.#link.comeUp();
      this.log.info('NATS is back');
      void this.ensure().catch((error: unknown) => {
        const isEnding = this.nats.isClosed() || this.nats.isDraining();
        if (!isEnding) this.log.warn({ err: error }, 'the streams cannot be checked');
      });
    }
  }
}

/** Connects and makes the streams. Throws BUS_UNAVAILABLE when that does not succeed in time. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const deadlineMs = Date.now() + (options.connectWithinMs ?? CONNECT_WITHIN_MS);
  const nats = await connectWithin(options, deadlineMs);
  try {
    const manager = await jetstreamManager(nats, { timeout: REQUEST_MS, checkAPI: false });
    const connection = new Connection(nats, manager, options);
    await ensureWithin(connection, deadlineMs);
    return connection;
  } catch (thrown) {
    await nats.close();
    throw thrown;
  }
}

async function connectWithin(options: ConnectOptions, deadlineMs: number): Promise<NatsConnection> {
  const wanted = natsOptions(options);
  for (;;) {
    try {
      return await connect(wanted);
    } catch (thrown) {
      const isRefused = thrown instanceof errors.AuthorizationError;
      if (isRefused || Date.now() + TRY_AGAIN_MS >= deadlineMs) {
        throw busUnavailable(`cannot connect to NATS at ${shownUrls(options.urls)}`, thrown);
      }
      await delay(TRY_AGAIN_MS);
    }
  }
}

/** A server that has just started answers connections before JetStream is ready. */
async function ensureWithin(connection: Connection, deadlineMs: number): Promise<void> {
  for (;;) {
    try {
      return await connection.ensure();
    } catch (thrown) {
      if (Date.now() + TRY_AGAIN_MS >= deadlineMs) throw thrown;
      await delay(TRY_AGAIN_MS);
    }
  }
}

function natsOptions({ urls, name, access }: ConnectOptions): NodeConnectionOptions {
  return {
    ...natsAccess(urls, { name, access }),
    timeout: TRY_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_UNANSWERED_MAX,
    // A server that reloads its users must not end the client for ever.
    ignoreAuthErrorAbort: true,
  };
}
