import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { currentTraceparent, parseTraceparent, span } from '@floe/telemetry';
import { GetStatusRequest, GetStatusResponse } from '../src/generated/contracts.ts';
import { aborted, clientOf, gate, lines, serve, stopAfterTest } from './rpc-fixture.ts';

const request = GetStatusRequest.create();

test('a unary call gets its answer', async () => {
  const slots = [{ index: 0 }, { index: 1 }].map((slot) => ({ ...emptySlot(), ...slot }));
  const server = await serve({
    getStatus: async () => GetStatusResponse.create({ slots }),
  });
  const response = await clientOf([server.address]).getStatus(request);
  expect(response.slots.map((slot) => slot.index)).toEqual([0, 1]);
});

function emptySlot() {
  return GetStatusResponse.fromPartial({ slots: [{}] }).slots[0]!;
}

test('an error arrives with its code, details, violations and hint', async () => {
  const error = new FloeError('DOCUMENT_INVALID', 'the document has 1 error', {
    details: { workflow: 'late-flights' },
    hint: 'mend it and apply again',
    violations: [
      {
        field: 'tasks.ranking.polars',
        message: "no column 'orgin'",
        hint: "did you mean 'origin'?",
        place: { line: 3, column: 17, length: 5 },
      },
      { field: 'name', message: 'is missing' },
    ],
  });
  const server = await serve({
    getStatus: async () => {
      throw error;
    },
  });
  const failed = clientOf([server.address]).getStatus(request);
  await expect(failed).rejects.toMatchObject({
    code: 'DOCUMENT_INVALID',
    message: error.message,
    details: error.details,
    hint: error.hint,
    violations: error.violations,
  });
});

test('an error with very many violations still arrives, with their number', async () => {
  const violations = Array.from({ length: 5_000 }, (_, index) => ({
    field: `tasks.task-${index}`,
    message: 'ø'.repeat(1_000),
    hint: 'x'.repeat(1_000),
  }));
  const server = await serve({
    getStatus: async () => {
      throw new FloeError('DOCUMENT_INVALID', 'y'.repeat(10_000), { violations });
    },
  });
  const failed = clientOf([server.address]).getStatus(request);
  await expect(failed).rejects.toMatchObject({
    code: 'DOCUMENT_INVALID',
    details: { 'floe.violations': '5000' },
  });
});

test('a bug is told as an id whose text only the log has', async () => {
  const server = await serve({
    getStatus: async () => {
      throw new TypeError('secret internals');
    },
  });
  const thrown: unknown = await clientOf([server.address])
    .getStatus(request)
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'INTERNAL' });
  const { message, details } = thrown as FloeError;
  expect(message).not.toContain('secret internals');
  const logged = lines.find((line) => line.includes(details['errorId'] ?? 'no id'));
  expect(logged).toContain('secret internals');
});

test('a method without a handler is UNIMPLEMENTED, by its name', async () => {
  const server = await serve({});
  const failed = clientOf([server.address]).getStatus(request);
  await expect(failed).rejects.toMatchObject({
    code: 'NOT_IMPLEMENTED',
    message: 'this service does not answer floe.v1.ExecutorService/GetStatus',
  });
});

test('a call ends at its deadline on both sides', async () => {
  let reason: unknown;
  const ended = gate();
  const server = await serve({
    getStatus: async (_, call) => {
      reason = await aborted(call.signal);
      ended.resolve();
      return GetStatusResponse.create();
    },
  });
  const failed = clientOf([server.address]).getStatus(request, { deadlineMs: 100 });
  await expect(failed).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await ended.promise;
  // Its own clock, or the caller's that is a moment faster and gives up.
  expect(['DEADLINE_EXCEEDED', 'CANCELLED']).toContain((reason as FloeError).code);
});

test('a caller that gives up ends the call on the server', async () => {
  const [begun, ended] = [gate(), gate()];
  let reason: unknown;
  const server = await serve({
    getStatus: async (_, call) => {
      begun.resolve();
      reason = await aborted(call.signal);
      ended.resolve();
      return GetStatusResponse.create();
    },
  });
  const caller = new AbortController();
  const failed = clientOf([server.address]).getStatus(request, { signal: caller.signal });
  void begun.promise.then(() => caller.abort());
  await expect(failed).rejects.toMatchObject({ code: 'CANCELLED' });
  await ended.promise;
  expect(reason).toMatchObject({ code: 'CANCELLED' });
});

test('the trace of the caller goes on in the server', async () => {
  let inServer: string | undefined;
  let ofCall: string | undefined;
  const server = await serve({
    getStatus: async (_, call) => {
      ofCall = call.traceparent;
      inServer = currentTraceparent();
      return GetStatusResponse.create();
    },
  });
  const client = clientOf([server.address]);
  const outer = await span('outer', {}, async (open) => {
    await client.getStatus(request);
    return open.traceparent;
  });
  expect(inServer).toBe(ofCall);
  expect(parseTraceparent(inServer)?.traceId).toBe(parseTraceparent(outer)?.traceId);
  expect(parseTraceparent(inServer)?.spanId).not.toBe(parseTraceparent(outer)?.spanId);
});

test('a server that is not there is unavailable', async () => {
  const failed = clientOf(['127.0.0.1:9']).getStatus(request);
  await expect(failed).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('a call that may be repeated survives a server that is away for a moment', async () => {
  let calls = 0;
  const server = await serve({
    getStatus: async () => {
      calls += 1;
      if (calls < 3) throw new FloeError('DATABASE_UNAVAILABLE', 'no answer');
      return GetStatusResponse.create();
    },
  });
  await clientOf([server.address], ['getStatus']).getStatus(request);
  expect(calls).toBe(3);
});

test('a call that may not be repeated is sent once', async () => {
  let calls = 0;
  const server = await serve({
    getStatus: async () => {
      calls += 1;
      throw new FloeError('DATABASE_UNAVAILABLE', 'no answer');
    },
  });
  const failed = clientOf([server.address]).getStatus(request);
  await expect(failed).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(calls).toBe(1);
});

test('calls go to a server that answers when another one does not', async () => {
  const server = await serve({ getStatus: async () => GetStatusResponse.create() });
  const client = clientOf(['127.0.0.1:9', server.address], ['getStatus']);
  for (let call = 0; call < 6; call += 1) await client.getStatus(request);
});

test('a server that is frozen costs a part of the call when there is another one', async () => {
  const frozen = gate();
  const silent = await serve({
    getStatus: async () => {
      await frozen.promise;
      return GetStatusResponse.create();
    },
  });
  const server = await serve({ getStatus: async () => GetStatusResponse.create() });
  const client = clientOf([silent.address, server.address], ['getStatus']);
  await Promise.all([client.getStatus(request), client.getStatus(request)]);
  frozen.resolve();
});

test('a client finds a server again that was restarted', async () => {
  const handlers = { getStatus: async () => GetStatusResponse.create() };
  const first = await serve(handlers);
  const client = clientOf([first.address], ['getStatus']);
  await client.getStatus(request);
  await first.stop();
  await serve(handlers, first.address);
  await client.getStatus(request);
});

test('a socket that is no gRPC server is told as unavailable', async () => {
  const silent = createServer((socket) => socket.end('hello\n'));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  stopAfterTest({ stop: () => silent.close() });
  const { port } = silent.address() as AddressInfo;
  const failed = clientOf([`127.0.0.1:${port}`]).getStatus(request);
  await expect(failed).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
