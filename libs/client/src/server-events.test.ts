import { expect, test } from 'vitest';
import { readServerEvents } from './server-events.ts';
import type { ServerEvent } from './server-events.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(body())) events.push(event);
  return events;
}

const text = 'id: 7\nevent: line\ndata: {"a":"ø"}\n\n: a comment\n\ndata:one\ndata: two\n\n';
const events = [
  { id: '7', type: 'line', data: '{"a":"ø"}' },
  { id: undefined, type: 'message', data: 'one\ntwo' },
];

test('reads fields, comments and events of several lines', async () => {
  expect(await read(text)).toEqual(events);
});

test.each(['\r\n', '\r', '\n'])('takes every line end, wherever the chunks break', async (end) => {
  const bytes = Buffer.from(text.replaceAll('\n', end));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(events);
  }
});

test('drops an event that the stream broke off in', async () => {
  expect(await read('data: whole\n\ndata: half\n')).toHaveLength(1);
});

test('refuses a line without end', async () => {
  const chunk = 'x'.repeat(1024 * 1024);
  await expect(read(chunk, chunk, chunk, chunk, 'x')).rejects.toMatchObject({
    code: 'LIMIT_EXCEEDED',
  });
});
