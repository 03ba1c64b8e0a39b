/**
 * Events of Floe from NATS, over a connection that the caller has made: this package brings no driver along.
 *
 * 1. Events come in the order of the stream. `place` counts them: who keeps the last one goes on after it and misses none
 *    and gets none twice.
 * 2. A connection that breaks is the caller's client's matter; `@nats-io/transport-node` takes it up again by itself, and
 *    the reading goes on.
 */

/** As CloudEvents: who was it, what happened, and the facts as JSON. */
export type FloeEvent = {
  /** The place in the stream: go on with `after`. */
  readonly place: number;
  readonly id: string;
  readonly workflow: string;
  readonly runId: string;
  readonly entity: 'run' | 'task' | 'dataset';
  /** In the past tense: `succeeded`. */
  readonly event: string;
  /** Counts the events of the run from 1. */
  readonly sequence: number;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Which events are asked for, and from where on. */
export type SubscribeOptions = {
  readonly workflow?: string;
  readonly runId?: string;
  readonly entity?: FloeEvent['entity'];
  readonly event?: string;
  /** A place in the stream, `all` for what is kept (a week), or `new`, which is the default. */
  readonly after?: number | 'all' | 'new';
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
};

type Message = {
  readonly subject: string;
  readonly seq: number;
  readonly headers?: { get(name: string): string } | undefined;
  string(): string;
};

type Messages = AsyncIterable<Message> & { close(): Promise<unknown> };

/** What is needed of `jetstream(connection)` of @nats-io/jetstream. */
export type JetStream = {
  readonly consumers: {
    get(stream: string, options: ConsumerOptions): Promise<{ consume(): Promise<Messages> }>;
  };
};

type ConsumerOptions = {
  // oxlint-disable-next-line typescript/no-explicit-any -- an enumeration of the driver, which is not at hand here
  readonly deliver_policy: any;
  readonly filter_subjects: string;
  readonly opt_start_seq?: number;
};

const STREAM = 'FLOE_EVENTS';

/** Events from a place on and for as long as the signal lets. Rejects with what the driver says. */
export async function* subscribeEvents(
  jetstream: JetStream,
  options: SubscribeOptions = {},
): AsyncGenerator<FloeEvent, void> {
  const consumer = await jetstream.consumers.get(STREAM, consumerOptions(options));
  const messages = await consumer.consume();
  const close = () => void messages.close();
  options.signal?.addEventListener('abort', close, { once: true });
  try {
    if (options.signal?.aborted === true) return;
    for await (const message of messages) {
      const event = toEvent(message);
      if (event !== undefined) yield event;
    }
  } finally {
    options.signal?.removeEventListener('abort', close);
    await messages.close();
  }
}

function consumerOptions({ after = 'new', ...filter }: SubscribeOptions): ConsumerOptions {
  const { workflow, runId, entity = '*', event } = filter;
  const parts = ['floe.events', token(workflow), token(runId), entity, token(event)];
  const subjects = { filter_subjects: parts.join('.') };
  if (typeof after === 'string') return { ...subjects, deliver_policy: after };
  return { ...subjects, deliver_policy: 'by_start_sequence', opt_start_seq: after + 1 };
}

/** Names of workflows, ids of runs and words for events need no more of Floe's encoding of subjects. */
function token(name: string | undefined): string {
  return name === undefined ? '*' : name.replaceAll('_', '__');
}

/** Undefined for what is no event of ours. */
function toEvent(message: Message): FloeEvent | undefined {
  const [, , workflow = '', runId = '', entity = '', event = ''] = message.subject.split('.');
  const header = (name: string) => message.headers?.get(name) ?? '';
  if (entity !== 'run' && entity !== 'task' && entity !== 'dataset') return undefined;
  return {
    place: message.seq,
    id: decodeURIComponent(header('ce-id')),
    workflow: workflow.replaceAll('__', '_'),
    runId,
    entity,
    event: event.replaceAll('__', '_'),
    sequence: Number(header('ce-sequence')),
    time: header('ce-time'),
    data: JSON.parse(message.string()) as FloeEvent['data'],
  };
}
