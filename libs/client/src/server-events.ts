import { FloeError } from '@floe/errors';

/** One server-sent event. */
export type ServerEvent = {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
};

// One event holds one run and one task run; a longer one is no event of Floe's.
const EVENT_CHARACTERS_MAX = 4 * 1024 * 1024;
const LINE_END = /\r\n|\n|\r/;

/**
 * Reads a stream of server-sent events as they arrive.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* readServerEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void> {
  let fields: string[] = [];
  for await (const line of readLines(body)) {
    if (line !== '') {
      fields.push(line);
      continue;
    }
    const event = toEvent(fields);
    fields = [];
    if (event !== undefined) yield event;
  }
}

/** The chunks of a body. Not every browser can iterate over a stream itself. */
export async function* readChunks(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > EVENT_CHARACTERS_MAX) {
      throw new FloeError(
        'LIMIT_EXCEEDED',
        `a line of the stream exceeds ${EVENT_CHARACTERS_MAX} characters`,
      );
    }
    // A carriage return at the end may be half of a line end.
    const complete = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    const lines = rest.slice(0, complete).split(LINE_END);
    rest = (lines.pop() ?? '') + rest.slice(complete);
    yield* lines;
  }
  // Nothing can follow a carriage return that was held back, so it did end its line.
  yield* rest.split(LINE_END).slice(0, -1);
}

function toEvent(lines: readonly string[]): ServerEvent | undefined {
  let id: string | undefined;
  let type = 'message';
  const data: string[] = [];
  for (const line of lines) {
    const [name, value] = splitField(line);
    if (name === 'id') id = value;
    else if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { id, type, data: data.join('\n') };
}

function splitField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}
