/**
 * Reads a stream from a place in it, and goes on as messages come.
 *
 * 1. Messages come in the order of the stream, none twice and none left out, across reconnects.
 * 2. At most `BUFFER_MESSAGES` wait here: the server holds back the rest until the reader takes them.
 * 3. When the stream was lost and made anew, reading goes on from its new beginning.
 */
import { DeliverPolicy } from '@nats-io/jetstream';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';
import { busUnavailable } from './nats-errors.ts';

export type FollowOptions = {
  readonly stream: string;
  readonly subject: string;
  /** The first place wanted; the beginning when absent or when the stream is younger than it. */
  readonly fromSequence: number | undefined;
  /** False: end when everything that was there has been read. */
  readonly follow: boolean;
  readonly signal: AbortSignal | undefined;
};

// Enough to hide the way to the server, small beside the 4 MiB of a gRPC message even with large log batches.
const BUFFER_MESSAGES = 64;
const PULL_EXPIRES_MS = 30_000;

/** Ends when the signal is aborted. Throws BUS_UNAVAILABLE when reading cannot begin. */
export async function* followStream(
  connection: Connection,
  options: FollowOptions,
): AsyncGenerator<JsMsg> {
  let from = options.fromSequence;
  for (;;) {
    const round: Round = { isReplaced: false, messages: undefined };
    const unsubscribe = connection.onStreamsReplaced(() => endRound(round));
    try {
      yield* readRound(connection, { ...options, fromSequence: from }, round);
    } finally {
      unsubscribe();
    }
    if (!round.isReplaced || options.signal?.aborted === true) return;
    from = undefined;
  }
}

/** One reader, until the stream is replaced. */
type Round = { isReplaced: boolean; messages: ConsumerMessages | undefined };

function endRound(round: Round): void {
  round.isReplaced = true;
  void round.messages?.close();
}

async function* readRound(
  connection: Connection,
  options: FollowOptions,
  round: Round,
): AsyncGenerator<JsMsg> {
  const opened = await open(connection, options);
  if (!options.follow && opened.pending === 0) return;
  round.messages = opened.messages;
  const onAbort = () => void opened.messages.close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted === true || round.isReplaced) return;
    for await (const message of opened.messages) {
      yield message;
      if (!options.follow && message.info.pending === 0) return;
    }
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    await opened.messages.close();
  }
}

type Opened = { readonly messages: ConsumerMessages; readonly pending: number };

async function open(connection: Connection, options: FollowOptions): Promise<Opened> {
  try {
    const start = await startPolicy(connection, options);
    const consumer = await connection.jetstream.consumers.get(options.stream, {
      filter_subjects: options.subject,
      ...start,
    });
    const { num_pending: pending } = await consumer.info(true);
    const messages = await consumer.consume({
      max_messages: BUFFER_MESSAGES,
      expires: PULL_EXPIRES_MS,
    });
    return { messages, pending };
  } catch (thrown) {
    throw busUnavailable(`cannot read ${options.stream}`, thrown);
  }
}

async function startPolicy(connection: Connection, { stream, fromSequence }: FollowOptions) {
  if (fromSequence === undefined) return { deliver_policy: DeliverPolicy.All };
  const { state } = await connection.manager.streams.info(stream);
  const isOfOlderStream = fromSequence > state.last_seq + 1;
  if (isOfOlderStream || fromSequence < 1) return { deliver_policy: DeliverPolicy.All };
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSequence };
}
