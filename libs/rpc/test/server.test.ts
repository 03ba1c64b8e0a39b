import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import {
  ExecutorService,
  GetStatusRequest,
  GetStatusResponse,
  ReportingService,
  TailLogsRequest,
  TailLogsResponse,
} from '../src/generated/contracts.ts';
import {
  HealthCheckRequest,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from '../src/generated/grpc/health/v1/health.ts';
import { createRpcClient, rpcService, startRpcServer } from '../src/index.ts';
import type { RpcServer } from '../src/index.ts';
import { aborted, clientOf, gate, log, serve, stopAfterTest } from './rpc-fixture.ts';

const request = GetStatusRequest.create();

test('a port that is in use is named', async () => {
  const server = await serve({});
  await expect(serve({}, server.address)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    details: { address: server.address },
  });
});

test('an address that is not of this machine is refused in words', async () => {
  await expect(serve({}, '192.0.2.1:7402')).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
  });
});

test('health answers for each service and for the whole, and refuses an unknown one', async () => {
  const { address } = await serve({});
  const health = healthClient(address);
  const check = (service: string) => health.check(HealthCheckRequest.create({ service }));
  expect(await check('')).toEqual({ status: ServingStatus.SERVING });
  expect(await check('floe.v1.ExecutorService')).toEqual({ status: ServingStatus.SERVING });
  await expect(check('floe.v1.Nothing')).rejects.toMatchObject({ code: 'SERVICE_NOT_FOUND' });
});

test('a server that cannot work is not ready, and alive all the same', async () => {
  let isThere = false;
  const checkReady = () => (isThere ? Promise.resolve() : Promise.reject(new Error('not yet')));
  const { address } = await serve({}, '127.0.0.1:0', checkReady);
  const health = healthClient(address);
  const check = (service: string) => health.check(HealthCheckRequest.create({ service }));
  for (const name of ['', 'floe.v1.ExecutorService'])
    expect(await check(name)).toEqual({ status: ServingStatus.NOT_SERVING });
  expect(await check('liveness')).toEqual({ status: ServingStatus.SERVING });
  isThere = true;
  expect(await check('')).toEqual({ status: ServingStatus.SERVING });
});

test('a watcher of the health is told when the server stops', async () => {
  const server = await serve({});
  const watch = healthClient(server.address).watch(HealthCheckRequest.create());
  const statuses: string[] = [];
  const watched = (async () => {
    for await (const { status } of watch) {
      statuses.push(status);
      if (statuses.length === 1) void server.stop();
    }
  })();
  await watched.catch(() => undefined);
  expect(statuses).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
});

function healthClient(address: string) {
  const client = createRpcClient(HealthService, { addresses: [address], name: 'health' });
  stopAfterTest({ stop: () => client.close() });
  return client;
}

test.each(['v1', 'v1alpha'])(
  'a client that knows only reflection %s lists and calls',
  async (version) => {
    const server = await serve({
      getStatus: async () => GetStatusResponse.fromPartial({ slots: [{ index: 7 }] }),
    });
    const listed = await curl(server, ['--reflect-protocol', `grpc-${version}`, '--list-services']);
    expect(listed).toContain('floe.v1.ExecutorService');
    const called = await curl(
      server,
      ['--reflect-protocol', `grpc-${version}`, '--data', '{}'],
      '/floe.v1.ExecutorService/GetStatus',
    );
    expect(JSON.parse(called)).toEqual({ slots: [{ index: 7 }] });
  },
);

async function curl(server: RpcServer, options: string[], path = ''): Promise<string> {
  const buf = join(import.meta.dirname, '../../../node_modules/.bin/buf');
  const args = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...options];
  const { stdout } = await promisify(execFile)(buf, [...args, `http://${server.address}${path}`], {
    timeout: 10_000,
  });
  return stdout;
}

test('a server that stops finishes unary calls and ends streams', async () => {
  const [begun, finish] = [gate(), gate()];
  const services = [
    rpcService(ExecutorService, {
      getStatus: async () => {
        begun.resolve();
        await finish.promise;
        return GetStatusResponse.create();
      },
    }),
    rpcService(ReportingService, {
      tailLogs: async function* (_, call) {
        yield TailLogsResponse.create();
        await aborted(call.signal);
      },
    }),
  ];
  const server = await startRpcServer({ listen: '127.0.0.1:0', log, services });
  const reporting = createRpcClient(ReportingService, { addresses: [server.address], name: 'r' });
  stopAfterTest({ stop: () => reporting.close() });
  const unary = clientOf([server.address]).getStatus(request);
  const stream = reporting.tailLogs(TailLogsRequest.create())[Symbol.asyncIterator]();
  await stream.next();
  await begun.promise;
  const stopped = server.stop();
  await expect(stream.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  finish.resolve();
  await unary;
  await stopped;
});
