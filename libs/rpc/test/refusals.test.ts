// Hunts input that a server takes for what it is not, that nobody counts, or after which it answers no more.
import { randomUUID } from 'node:crypto';
import { startTelemetry, type Telemetry } from '@floe/telemetry';
import { frame, rawCall } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MethodContract, ServiceContract } from '../src/contract.ts';
import * as contracts from '../src/generated/contracts.ts';
import * as internalContracts from '../src/generated/internal-contracts.ts';
import { FloeError } from '@floe/errors';
import { createRpcClient, rpcService, startRpcServer, type RpcServer } from '../src/index.ts';
import { MESSAGE_BYTES_MAX } from '../src/message-limit.ts';
import { log } from './rpc-fixture.ts';

const RESOURCE_EXHAUSTED = 8;
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;

/** Every service there is: one that is added is tested here without a word. */
const SERVICES = Object.entries({ ...contracts, ...internalContracts }).flatMap(([name, value]) =>
  name.endsWith('Service') ? [value as unknown as ServiceContract] : [],
);
const METHODS = SERVICES.flatMap((contract) => Object.values(contract)).map(
  (method): [string, MethodContract] => [method.path.slice(1), method],
);

let telemetry: Telemetry;
let server: RpcServer;

beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test', instanceId: randomUUID(), version: '1' });
  const services = SERVICES.map((contract) => rpcService(contract, {}));
  server = await startRpcServer({ listen: '127.0.0.1:0', log, services, telemetry });
});

afterAll(async () => {
  await server?.stop();
  await telemetry?.stop();
});

async function counted(place: string, reason: string): Promise<number> {
  const begin = `floe_refusals_total{surface="rpc",place="${place}",reason="${reason}",`;
  const lines = (await telemetry.metrics.text()).split('\n');
  return Number(
    lines
      .find((line) => line.startsWith(begin))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

test('there is something to test', () => {
  expect(SERVICES.length).toBeGreaterThanOrEqual(7);
  expect(METHODS.length).toBeGreaterThan(40);
});

test.each(METHODS)('%s refuses what is no message of it, in words', async (place, { path }) => {
  // A field of length 100 with nothing in it.
  const answer = await rawCall(server.address, path, frame(Buffer.from([0x0a, 100])));
  expect(answer).toMatchObject({ status: INVALID_ARGUMENT });
  expect(answer.message).toBe(`the request is no message of ${place}`);
  expect(await counted(place, 'ARGUMENT_INVALID')).toBe(1);
});

test.each(METHODS)('%s refuses what is larger than any message', async (place, { path }) => {
  const huge = frame(Buffer.alloc(MESSAGE_BYTES_MAX + 1));
  const answer = await rawCall(server.address, path, huge);
  expect([RESOURCE_EXHAUSTED, undefined]).toContain(answer.status);
  expect(await counted(place, 'UNREAD')).toBe(1);
});

test.each(METHODS)('%s goes on, and counts what it does not do', async (place, { path }) => {
  const answer = await rawCall(server.address, path, frame(Buffer.alloc(0)));
  expect(answer.status).toBe(UNIMPLEMENTED);
  expect(await counted(place, 'NOT_IMPLEMENTED')).toBe(1);
  // Neither was counted as the other.
  expect(await counted(place, 'UNREAD')).toBe(1);
  expect(await counted(place, 'ARGUMENT_INVALID')).toBe(1);
});

test('what breaks off in the middle is counted as well', async () => {
  const [place, { path }] = METHODS[0]!;
  const before = await counted(place, 'UNREAD');
  await rawCall(server.address, path, frame(Buffer.alloc(10), 1_000));
  expect(await counted(place, 'UNREAD')).toBe(before + 1);
});

test('a fault of the service, and what succeeds, is no refusal', async () => {
  const { ExecutorService, GetStatusRequest, GetStatusResponse } = contracts;
  const answers = [
    () => GetStatusResponse.create(),
    () => {
      throw new FloeError('DATABASE_UNAVAILABLE', 'no answer');
    },
    () => {
      throw new TypeError('a bug');
    },
  ];
  const getStatus = async () => answers.shift()!();
  const services = [rpcService(ExecutorService, { getStatus })];
  await using other = await startRpcServer({ listen: '127.0.0.1:0', log, services, telemetry });
  const client = createRpcClient(ExecutorService, { addresses: [other.address], name: 'other' });
  const before = await telemetry.metrics.text();
  await client.getStatus(GetStatusRequest.create());
  await expect(client.getStatus(GetStatusRequest.create())).rejects.toThrow('no answer');
  await expect(client.getStatus(GetStatusRequest.create())).rejects.toThrow('bug');
  client.close();
  expect(await telemetry.metrics.text()).toBe(before);
});
