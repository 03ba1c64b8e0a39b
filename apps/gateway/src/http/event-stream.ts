/**
 * A stream of messages as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * 1. An error before the first message is an HTTP error; later it is a last event of type `problem`.
 * 2. A stream that came to its end says so by a last event of type `end`; one without it broke off.
 * 3. When nothing comes for a while a heartbeat is sent, so that a broken connection shows on both sides.
 * 4. The next message is asked for only when the last one was taken: a slow reader costs no memory here.
 * 5. A reader that takes nothing for STALL_MS is cut off: it holds a socket, and resumes after the last id that it has.
 * 6. A quiet stream takes no more memory after a week than after a minute: each message is waited for once, whatever
 *    the number of heartbeats in between.
 */
import type { StreamEvent } from '../routes/route.ts';
import { writeEvent } from './write-event.ts';

export type EventStreamOptions = {
  /** The error as a problem document. */
  readonly toProblem: (thrown: unknown) => object;
  readonly heartbeatMs: number;
  /** Cuts the reader off (5). */
  readonly onStall: () => void;
  /** STALL_MS when absent. */
  readonly stallMs?: number;
};

export type EventStream = {
  readonly text: AsyncGenerator<string, void>;
  /** Breaks it off (2): its reader goes on elsewhere. */
  breakOff(): void;
  isBrokenOff(): boolean;
};

// Longer than any pause of a reader that works; its client has given the connection up by then.
const STALL_MS = 30_000;
// A wrong id is refused well within this; a stream that is only quiet must not keep its reader waiting for headers.
const FIRST_MESSAGE_MS = 300;

/** Rejects with what the messages threw before their first (1). */
export async function openEventStream(
  messages: AsyncIterable<StreamEvent>,
  options: EventStreamOptions,
): Promise<EventStream> {
  const inbox = new Inbox(messages);
  await inbox.wait(FIRST_MESSAGE_MS);
  if (inbox.arrived !== undefined && 'thrown' in inbox.arrived) throw inbox.arrived.thrown;
  return {
    text: timed(writeEvents(inbox, options), options),
    breakOff: () => inbox.breakOff(),
    isBrokenOff: () => inbox.isBrokenOff,
  };
}

/** Times how long the reader takes for each text (5). */
async function* timed(
  texts: AsyncGenerator<string, void>,
  { onStall, stallMs = STALL_MS }: EventStreamOptions,
): AsyncGenerator<string, void> {
  for await (const text of texts) {
    const timer = setTimeout(onStall, stallMs);
    try {
      yield text;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function* writeEvents(
  inbox: Inbox,
  { heartbeatMs, toProblem }: EventStreamOptions,
): AsyncGenerator<string, void> {
  try {
    for (;;) {
      await inbox.wait(heartbeatMs);
      if (inbox.isBrokenOff) return;
      const { arrived } = inbox;
      if (arrived === undefined) {
        yield writeEvent({ type: 'heartbeat', data: {} });
        continue;
      }
      if ('thrown' in arrived) {
        yield writeEvent({ type: 'problem', data: toProblem(arrived.thrown) });
        return;
      }
      if (arrived.result.done === true) break;
      yield writeEvent(arrived.result.value);
      inbox.askForNext();
    }
    yield writeEvent({ type: 'end', data: {} });
  } finally {
    inbox.close();
  }
}

type Arrived = { readonly result: IteratorResult<StreamEvent> } | { readonly thrown: unknown };

/** The message that is next, and whoever waits for it (4, 6). */
class Inbox {
  readonly #iterator: AsyncIterator<StreamEvent>;
  #arrived: Arrived | undefined;
  #isBrokenOff = false;
  #wake: () => void = () => {};

  constructor(messages: AsyncIterable<StreamEvent>) {
    this.#iterator = messages[Symbol.asyncIterator]();
    this.askForNext();
  }

  get arrived(): Arrived | undefined {
    return this.#arrived;
  }

  get isBrokenOff(): boolean {
    return this.#isBrokenOff;
  }

  askForNext(): void {
    this.#arrived = undefined;
    const arrive = (arrived: Arrived) => {
      this.#arrived = arrived;
      this.#wake();
    };
    this.#iterator.next().then(
      (result) => arrive({ result }),
      (thrown: unknown) => arrive({ thrown }),
    );
  }

  /** Until something is there to look at, at most so long. */
  async wait(limitMs: number): Promise<void> {
    if (this.#arrived !== undefined || this.#isBrokenOff) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  breakOff(): void {
    this.#isBrokenOff = true;
    this.#wake();
  }

  /** The reader left or the messages ended; either way nobody waits for how the closing went. */
  close(): void {
    void Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
  }
}
