import { expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { TailLogsRequest, TailLogsResponse } from '../src/generated/contracts.ts';
import { aborted, gate, serveLogs } from './rpc-fixture.ts';

function logLine(message: string) {
  return TailLogsResponse.fromPartial({ line: { message } });
}

test('a stream brings every message in order', async () => {
  const { client } = await serveLogs(async function* ({ runId }) {
    for (let index = 0; index < 1_000; index += 1) {
      yield logLine(`${runId}-${index}`);
    }
  });
  const texts: string[] = [];
  const stream = client.tailLogs(TailLogsRequest.create({ runId: 'r' }));
  for await (const message of stream) texts.push(message.line?.message ?? '');
  expect(texts).toEqual(Array.from({ length: 1_000 }, (_, index) => `r-${index}`));
});

test('a stream is not read ahead of a caller that takes nothing', async () => {
  let made = 0;
  const message = 'x'.repeat(64 * 1024);
  const { client } = await serveLogs(async function* () {
    for (;;) {
      made += 1;
      yield logLine(message);
    }
  });
  const stream = client.tailLogs(TailLogsRequest.create())[Symbol.asyncIterator]();
  await stream.next();
  const settled = await waitUntilStill(() => made);
  // Flow control windows and stream buffers of both sides: some megabytes, and not without end.
  expect(settled).toBeLessThan(500);
  await stream.return?.();
});

/** The value once it has not changed for 200 ms. */
async function waitUntilStill(value: () => number): Promise<number> {
  let [last, since] = [value(), Date.now()];
  const deadlineMs = Date.now() + 10_000;
  while (Date.now() - since < 200) {
    expect(Date.now()).toBeLessThan(deadlineMs);
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (value() !== last) [last, since] = [value(), Date.now()];
  }
  return last;
}

test('a caller that leaves a stream ends the generator on the server', async () => {
  const closed = gate();
  const { client } = await serveLogs(async function* (_, call) {
    try {
      yield logLine('first');
      await aborted(call.signal);
    } finally {
      closed.resolve();
    }
  });
  for await (const message of client.tailLogs(TailLogsRequest.create())) {
    expect(message.line?.message).toBe('first');
    break;
  }
  await closed.promise;
});

test('an error in the middle of a stream arrives after the messages before it', async () => {
  const { client } = await serveLogs(async function* () {
    yield logLine('first');
    throw new FloeError('RUN_NOT_FOUND', 'no run r', { details: { runId: 'r' } });
  });
  const stream = client.tailLogs(TailLogsRequest.create())[Symbol.asyncIterator]();
  expect((await stream.next()).value).toMatchObject({ line: { message: 'first' } });
  await expect(stream.next()).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});
