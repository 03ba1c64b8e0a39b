import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import { eventually } from '@floe/testing';
import { expect, test } from 'vitest';
import type { StreamEvent } from '../routes/route.ts';
import { openEventStream } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';

const options = {
  heartbeatMs: 20,
  onStall: () => undefined,
  toProblem: (thrown: unknown) => ({ code: (thrown as FloeError).code }),
};

async function* events(...given: (StreamEvent | Error)[]): AsyncGenerator<StreamEvent> {
  for (const one of given) {
    if (one instanceof Error) throw one;
    yield one;
  }
}

async function textOf(stream: EventStream): Promise<string> {
  let text = '';
  for await (const part of stream.text) text += part;
  return text;
}

const lost = new FloeError('RUN_NOT_FOUND', 'no such run');

test('an error before the first message is no stream (1)', async () => {
  await expect(openEventStream(events(lost), options)).rejects.toBe(lost);
});

test('an error later is the last event (1)', async () => {
  const stream = await openEventStream(events({ type: 'line', id: '1', data: {} }, lost), options);
  expect(await textOf(stream)).toBe(
    'id: 1\nevent: line\ndata: {}\n\nevent: problem\ndata: {"code":"RUN_NOT_FOUND"}\n\n',
  );
});

test('a stream that came to its end says so (2)', async () => {
  const stream = await openEventStream(events({ type: 'line', data: { text: 'a\nb' } }), options);
  expect(await textOf(stream)).toBe(
    'event: line\ndata: {"text":"a\\nb"}\n\nevent: end\ndata: {}\n\n',
  );
});

test('a silent stream sends heartbeats and is closed when its reader leaves (3)', async () => {
  let isClosed = false;
  const silent: AsyncIterable<StreamEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => undefined),
      return: async () => {
        isClosed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  for await (const text of (await openEventStream(silent, options)).text) {
    expect(text).toBe('event: heartbeat\ndata: {}\n\n');
    break;
  }
  expect(isClosed).toBe(true);
});

test('asks for no message before the last one was taken (4)', async () => {
  let asked = 0;
  async function* counting(): AsyncGenerator<StreamEvent> {
    for (; asked < 100; asked += 1) yield { type: 'line', data: {} };
  }
  const { text } = await openEventStream(counting(), options);
  await text.next();
  await text.next();
  expect(asked).toBeLessThanOrEqual(2);
});

test('a stream that is broken off says nothing more (2)', async () => {
  const never: AsyncIterable<StreamEvent> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
  };
  const stream = await openEventStream(never, { ...options, heartbeatMs: 60_000 });
  setTimeout(() => stream.breakOff(), 5);
  expect(await textOf(stream)).toBe('');
});

test('a reader that takes nothing for long is cut off, one that is only slow is not (5)', async () => {
  let stalls = 0;
  const onStall = () => void (stalls += 1);
  const line = { type: 'line', data: {} };
  const stream = await openEventStream(events(line, line), { ...options, onStall, stallMs: 50 });
  await stream.text.next();
  await delay(10);
  await stream.text.next();
  expect(stalls).toBe(0);
  await eventually(() => stalls === 1, { withinMs: 5_000 });
  await stream.text.return();
});
