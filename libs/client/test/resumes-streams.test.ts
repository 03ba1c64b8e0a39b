import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFloeClient } from '../src/index.ts';
import type { FloeClient, Reconnect } from '../src/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

type Answer = (init: RequestInit) => Response;

/** A client whose network answers as told, the last answer again and again. */
function clientOf(...answers: Answer[]): { client: FloeClient; asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const fetch = async (_: string, init: RequestInit) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(new Headers(init.headers).get('last-event-id'));
    if (answer === undefined) throw new TypeError('fetch failed');
    return answer(init);
  };
  return { client: createFloeClient({ baseUrl: 'http://127.0.0.1:7400', fetch }), asked };
}

const END = 'event: end\ndata: {}\n\n';

function event(sequence: number): string {
  const data = JSON.stringify({ sequence: String(sequence), event: { type: 'task.running' } });
  return `id: ${sequence}\nevent: event\ndata: ${data}\n\n`;
}

function text(body: string): Answer {
  return () => new Response(body);
}

/** Opens, says this and then nothing more until the caller gives up. */
function silent(body: string): Answer {
  return ({ signal }) => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(body));
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(stream);
  };
}

function problem(status: number, code: string): Answer {
  return () => new Response(JSON.stringify({ code, detail: code }), { status });
}

type Watched = { readonly sequences: readonly string[]; readonly reconnects: readonly Reconnect[] };

async function watch(client: FloeClient, afterSequence?: string): Promise<Watched> {
  const sequences: string[] = [];
  const reconnects: Reconnect[] = [];
  const onReconnect = (reconnect: Reconnect) => void reconnects.push(reconnect);
  const options = afterSequence === undefined ? { onReconnect } : { onReconnect, afterSequence };
  for await (const update of client.watchRun('r1', options)) {
    if (update.kind === 'event') sequences.push(update.sequence);
  }
  return { sequences, reconnects };
}

test('goes on after the last event that came through (1)', async () => {
  const { client, asked } = clientOf(text(event(4) + event(5)), text(event(6) + END));
  const watching = watch(client, '3');
  await vi.runAllTimersAsync();
  expect((await watching).sequences).toEqual(['4', '5', '6']);
  expect(asked).toEqual(['3', '5']);
});

test('an error that another try cannot mend ends it at once (2)', async () => {
  const { client, asked } = clientOf(problem(404, 'RUN_NOT_FOUND'));
  await expect(watch(client)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  expect(asked).toHaveLength(1);
});

test('a problem within the stream is the error of the server (2)', async () => {
  const { client } = clientOf(text(`event: problem\ndata: {"code":"INTERNAL","detail":"x"}\n\n`));
  await expect(watch(client)).rejects.toMatchObject({ code: 'INTERNAL', message: 'x' });
});

test('the signal of the caller ends it without an error (2)', async () => {
  const { client } = clientOf(silent(event(1)));
  const leaving = new AbortController();
  const seen: string[] = [];
  for await (const update of client.watchRun('r1', { signal: leaving.signal })) {
    seen.push(update.kind);
    leaving.abort();
  }
  expect(seen).toEqual(['event']);
});

test('a connection that says nothing for too long is given up (3)', async () => {
  const { client, asked } = clientOf(silent(event(1)), text(event(2) + END));
  const watching = watch(client);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(asked).toEqual(['0']);
  await vi.runAllTimersAsync();
  const { sequences, reconnects } = await watching;
  expect(sequences).toEqual(['1', '2']);
  expect(reconnects[0]?.error.message).toContain('silent');
});

test('tries in a row are bounded, further and further apart (4)', async () => {
  const { client, asked } = clientOf();
  const delays: number[] = [];
  const onReconnect = ({ delayMs }: Reconnect) => void delays.push(delayMs);
  const watching = client.watchRun('r1', { onReconnect }).next();
  const outcome = expect(watching).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await vi.runAllTimersAsync();
  await outcome;
  expect(asked).toHaveLength(11);
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000]);
});
