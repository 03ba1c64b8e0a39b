/**
 * A stream of messages as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * 1. An error before the first message is an HTTP error; later it is a last event of type `problem`.
 * 2. A stream that came to its end says so by a last event of type `end`; one without it broke off.
 * 3. When nothing comes for a while a heartbeat is sent, so that a broken connection shows on both sides.
 * 4. The next message is asked for only when the last one was taken: a slow reader costs no memory here.
 */
import type { StreamEvent } from '../routes/route.ts';
import { writeJson } from './write-json.ts';

export type EventStreamOptions = {
  /** The error as a problem document. */
  readonly toProblem: (thrown: unknown) => object;
  readonly heartbeatMs: number;
};

// A wrong id is refused well within this; a stream that is only quiet must not keep its reader waiting for headers.
const FIRST_MESSAGE_MS = 300;

type Next = Promise<IteratorResult<StreamEvent>>;

/** The text of the stream. Rejects with what the messages threw before their first (1). */
export async function openEventStream(
  messages: AsyncIterable<StreamEvent>,
  options: EventStreamOptions,
): Promise<AsyncGenerator<string, void>> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = iterator.next();
  await within(first, FIRST_MESSAGE_MS);
  return writeEvents(iterator, first, options);
}

async function* writeEvents(
  iterator: AsyncIterator<StreamEvent>,
  first: Next,
  options: EventStreamOptions,
): AsyncGenerator<string, void> {
  let next = first;
  try {
    for (;;) {
      const result = await within(next, options.heartbeatMs);
      if (result === 'late') {
        yield writeEvent({ type: 'heartbeat', data: {} });
        continue;
      }
      if (result.done === true) break;
      yield writeEvent(result.value);
      next = iterator.next();
    }
    yield writeEvent({ type: 'end', data: {} });
  } catch (thrown) {
    yield writeEvent({ type: 'problem', data: options.toProblem(thrown) });
  } finally {
    // The reader left or the messages ended; either way nobody waits for how the closing went.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** The result, or `late` when it has not come in time. */
async function within(next: Next, limitMs: number): Promise<Awaited<Next> | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'late');
  });
  try {
    return await Promise.race([next, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function writeEvent({ type, id, data }: StreamEvent): string {
  const number = id === undefined ? '' : `id: ${id}\n`;
  return `${number}event: ${type}\ndata: ${writeJson(data)}\n\n`;
}
