/**
 * Everything under lock and key, as deploy/ has it: workflows run, and whoever holds the keys of one service can be that
 * one only. Hunts permissions that are too few (something stops) and too many (a stolen key opens more than its door).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { createRpcClient, openTlsIdentity, type TlsFiles } from '@floe/rpc';
import {
  ExecutorService,
  GetStatusRequest,
  SchedulerService,
  StartRunRequest,
} from '@floe/rpc/contracts';
import { ConnectionService, ResolveConnectionRequest } from '@floe/rpc/internal-contracts';
import { eventually, rawCall } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { sleepingQuery } from './support/documents.ts';
import { queryAs, loginUrl, startSecuredFloe, type SecuredFloe } from './support/secured-floe.ts';

const ENDS_WITHIN_MS = 30_000;
const CANCEL_WITHIN_MS = 2_000;

const WORKFLOW = `name: orders
tasks:
  orders:
    type: postgres_extract
    connection: warehouse
    query: select g as id, g % 3 as kind from generate_series(1, 300) g
  kinds:
    type: expression_transform
    inputs: [orders]
    materialize: true
    polars: orders.group_by("kind").agg(pl.len().alias("count")).sort("kind")
  store:
    type: postgres_load
    inputs: [kinds]
    connection: warehouse
    table: kinds
    mode: replace
notify:
  - on: [succeeded]
    nats: notices.orders
`;

let floe: SecuredFloe;
let warehouse: string;
let collector: Server;
const collected: string[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => collected.push(chunk.toString()));
    request.on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const { port } = collector.address() as { port: number };
  floe = await startSecuredFloe({ FLOE_OPENLINEAGE_URL: `http://127.0.0.1:${port}` });
  const passwordFile = join(floe.etc, 'warehouse-password');
  await writeFile(passwordFile, floe.postgres.password, { mode: 0o600 });
  warehouse = await floe.postgres.createDatabase('warehouse');
  await queryAs(warehouse, 'create table kinds (kind int, count bigint)');
  await floe.client.setConnection({
    name: 'warehouse',
    host: floe.postgres.host,
    port: floe.postgres.port,
    database: 'warehouse',
    username: floe.postgres.user,
    secretReference: `file:${passwordFile}`,
    sslMode: 'SSL_MODE_DISABLE',
  });
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  collector?.close();
});

const nothing = () => {};
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => SILENT,
};

function filesOf(name: string): TlsFiles {
  const path = (file: string) => join(floe.etc, file);
  return { certFile: path(`${name}.crt`), keyFile: path(`${name}.key`), caFile: path('ca.crt') };
}

async function natsAs(name: string): Promise<NatsConnection> {
  const seed = (await readFile(join(floe.etc, `${name}.nkey`), 'utf8')).trim();
  return connect({
    servers: new URL(floe.natsUrl).host,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    inboxPrefix: name === 'subscriber' ? '_INBOX.subscriber' : `_INBOX.floe-${name}`,
    tls: filesOf(name),
    reconnect: false,
  });
}

async function violations(): Promise<string[]> {
  const log = await readFile(floe.natsLog, 'utf8');
  return log.split('\n').filter((line) => /violation/i.test(line));
}

test('a workflow runs through all services, and none wants what it may not', async () => {
  const subscriber = await natsAs('subscriber');
  const heard: string[] = [];
  for (const subject of ['floe.events.orders.>', 'notices.>', 'floe.lineage.>']) {
    subscriber.subscribe(subject, { callback: (_, message) => void heard.push(message.subject) });
  }
  await subscriber.flush();
  await floe.client.applyWorkflow(WORKFLOW);
  const { run } = await floe.client.startRun({ workflowName: 'orders' });
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: ENDS_WITHIN_MS });
  expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
  expect(await queryAs(warehouse, 'select kind, count from kinds order by kind')).toEqual(
    [0, 1, 2].map((kind) => ({ kind, count: '100' })),
  );
  await eventually(
    () => {
      expect(heard).toContain(`floe.events.orders.${run.runId}.run.succeeded`);
      expect(heard).toContain('notices.orders');
      expect(heard).toContain(`floe.lineage.orders.${run.runId}.complete`);
      expect(collected.join()).toContain('"COMPLETE"');
    },
    { withinMs: ENDS_WITHIN_MS },
  );
  await subscriber.close();
  const logs = await floe.floe(['runs', 'logs', run.runId]);
  expect(logs).toMatchObject({ code: 0, stdout: expect.stringMatching(/300/) });
  const tail = await floe.floe([
    'events',
    'tail',
    '--all',
    '--type',
    'run.succeeded',
    '--limit',
    '1',
  ]);
  expect(tail).toMatchObject({ code: 0, stdout: expect.stringContaining(run.runId) });
  expect(await violations()).toEqual([]);
});

test('a cancel reaches the executor, and the statement that it runs', async () => {
  await floe.client.applyWorkflow(sleepingQuery('sleeper', 60).replace('source', 'warehouse'));
  const { run } = await floe.client.startRun({ workflowName: 'sleeper' });
  const { runId } = run;
  await awaitTaskState(floe.client, runId, { state: 'TASK_STATE_RUNNING', withinMs: 10_000 });
  await floe.client.cancelRun(runId);
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: CANCEL_WITHIN_MS });
  expect(ended.state).toBe('RUN_STATE_CANCELLED');
  expect(await violations()).toEqual([]);
});

// Whose word each subject is: everybody else's is refused.
const SPEAKERS: Readonly<Record<string, readonly string[]>> = {
  'floe.events.orders.r1.run.succeeded': ['scheduler'],
  'floe.internal.hints.default.slot': ['scheduler'],
  'floe.internal.changes.r1': ['scheduler'],
  'floe.internal.control.secured': ['scheduler'],
  'floe.internal.logs.r1.t1': ['executor'],
  'floe.lineage.orders.r1.complete': ['reporting'],
  'notices.orders': ['metadata'],
  '$O.floe-datasets.C.x': ['executor'],
  '$JS.API.STREAM.CREATE.FLOE_HINTS': ['scheduler'],
  '$JS.API.STREAM.DELETE.FLOE_EVENTS': [],
  '$JS.API.STREAM.PURGE.FLOE_LOGS': [],
  '$JS.API.STREAM.UPDATE.FLOE_EVENTS': [],
  '$JS.API.CONSUMER.DELETE.FLOE_HINTS.slot-default': [],
  '$JS.API.CONSUMER.MSG.NEXT.FLOE_HINTS.slot-default': ['executor'],
  '$JS.API.CONSUMER.MSG.NEXT.FLOE_LOGS.any': ['reporting'],
  '$SYS.REQ.SERVER.PING': [],
  'anything.else': [],
};
// Whose ears each is for.
const LISTENERS: Readonly<Record<string, readonly string[]>> = {
  '_INBOX.floe-scheduler.>': ['scheduler'],
  '_INBOX.>': [],
  'floe.internal.control.*': ['executor'],
  'floe.internal.changes.*': ['reporting'],
  'floe.internal.logs.>': [],
  'floe.events.>': ['subscriber'],
  '>': [],
  '$JS.API.>': [],
};

test.each(['scheduler', 'executor', 'reporting', 'metadata', 'cli', 'subscriber'])(
  'who has the key of %s can be no other',
  async (user) => {
    const nats = await natsAs(user);
    const refused = new Set<string>();
    void (async () => {
      for await (const status of nats.status()) {
        if (status.type === 'error') refused.add(status.error.message);
      }
    })();
    const said = (verb: string, subject: string) =>
      [...refused].some((text) => text.includes(`${verb} to "${subject}"`));
    // Without a body: what is allowed is no message that anybody takes for one, or no request that does anything.
    for (const subject of Object.keys(SPEAKERS)) nats.publish(subject, 'x');
    for (const subject of Object.keys(LISTENERS)) {
      nats.subscribe(subject, { callback: () => undefined }).closed.catch(() => undefined);
    }
    await nats.flush();
    const allowed = (table: typeof SPEAKERS, verb: string) =>
      Object.keys(table).filter((subject) => !said(verb, subject));
    const expected = (table: typeof SPEAKERS) =>
      Object.keys(table).filter((subject) => table[subject]!.includes(user));
    // What the server said is heard a turn later than the answer to the flush.
    await eventually(
      () => {
        expect(allowed(SPEAKERS, 'Publish')).toEqual(expected(SPEAKERS));
        expect(allowed(LISTENERS, 'Subscription')).toEqual(expected(LISTENERS));
      },
      { withinMs: 5_000 },
    );
    // The log that the tests above found clean tells of such things.
    expect(await violations()).not.toEqual([]);
    await nats.close();
  },
);

test('NATS answers nobody without a key, and nobody without a certificate', async () => {
  const { host } = new URL(floe.natsUrl);
  const tls = { caFile: join(floe.etc, 'ca.crt') };
  const options = { servers: host, reconnect: false, timeout: 2_000 };
  await expect(connect({ ...options, tls })).rejects.toThrow();
  const withCertificate = {
    ...tls,
    certFile: join(floe.etc, 'executor.crt'),
    keyFile: join(floe.etc, 'executor.key'),
  };
  await expect(connect({ ...options, tls: withCertificate })).rejects.toThrow(/authorization/i);
});

test('no service answers over gRPC without a certificate, and the executor answers with one', async () => {
  const { gateway: _, ...services } = floe.addresses;
  for (const [name, address] of Object.entries(services)) {
    const plain = await rawCall(address, '/grpc.health.v1.Health/Check', Buffer.alloc(5));
    expect([name, plain.status]).toEqual([name, undefined]);
  }
  using tls = await openTlsIdentity(filesOf('cli'), { log: SILENT });
  const addresses = [floe.addresses.executor];
  const client = createRpcClient(ExecutorService, { addresses, name: 'executor', tls });
  const status = await client.getStatus(GetStatusRequest.create());
  expect(status.executor?.executorId).toBe('secured');
  client.close();
});

test('an executor steers nothing, and nobody but an executor gets a password', async () => {
  const asOther = async (name: string) => openTlsIdentity(filesOf(name), { log: SILENT });
  using executor = await asOther('executor');
  using cli = await asOther('cli');
  const options = { addresses: [floe.addresses.scheduler], name: 'scheduler', tls: executor };
  const scheduler = createRpcClient(SchedulerService, options);
  const start = scheduler.startRun(StartRunRequest.create({ workflowName: 'orders' }));
  await expect(start).rejects.toMatchObject({ code: 'CALLER_REFUSED' });
  scheduler.close();
  const connections = createRpcClient(ConnectionService, {
    addresses: [floe.addresses.metadata],
    name: 'metadata',
    tls: cli,
  });
  const resolve = connections.resolveConnection(
    ResolveConnectionRequest.create({ name: 'warehouse' }),
  );
  await expect(resolve).rejects.toMatchObject({ code: 'CALLER_REFUSED' });
  connections.close();
});

test('each service is logged in as itself, and can write nothing of another', async () => {
  const owner = floe.postgres.url.replace(/\/postgres$/, '/floe');
  const sessions = await queryAs(
    owner,
    `select distinct usename, split_part(application_name, ' ', 1) as name from pg_stat_activity
     where application_name like 'floe-%' order by 1`,
  );
  expect(sessions).toEqual(
    ['gateway', 'metadata', 'reporting', 'scheduler'].map((name) => ({
      usename: `floe_${name}_login`,
      name: `floe-${name}`,
    })),
  );
  for (const [service, statement] of [
    ['gateway', `update floe.run set state = 'succeeded'`],
    ['metadata', 'delete from floe.outbox'],
    ['reporting', 'delete from floe.run'],
    ['scheduler', `update floe.connection set host = 'elsewhere'`],
    ['scheduler', 'select token_id from floe.api_token'],
    ['scheduler', 'set role floe_metadata'],
    ['gateway', 'create table floe.mine (x int)'],
    ['metadata', 'drop table floe.workflow'],
  ] as const) {
    const done = queryAs(loginUrl(floe.postgres, service), statement);
    await expect(done, `${service}: ${statement}`).rejects.toThrow(
      /permission denied|must be owner/,
    );
  }
});

test('the doctor finds all of it well, with the rights of a person', async () => {
  const before = (await violations()).length;
  const { stdout, stderr } = await floe.floe(['doctor', '--json']);
  const { findings } = JSON.parse(stdout) as {
    findings: { check: string; result: string; found: string; mend: string }[];
  };
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  expect(of('consumers'), stderr).toMatchObject([
    { result: 'ok', found: expect.stringContaining('1 reader of events, 2 queues of hints') },
  ]);
  expect(of('jetstream disk')).toMatchObject([
    { result: 'ok', found: expect.stringMatching(/ of .* in use/) },
  ]);
  // Debian's nats-server is too old to wait for the disk, and the doctor says how to mend it.
  const [jetstream] = of('jetstream');
  expect(jetstream!.result === 'ok' || jetstream!.mend.includes('sync_interval: always')).toBe(
    true,
  );
  expect(of('services')).toMatchObject([{ result: 'ok' }]);
  expect((await violations()).length).toBe(before);
});

test('drains an executor with the certificate of a person', async () => {
  const drained = await floe.floe(['executors', 'drain', 'secured']);
  expect(drained).toMatchObject({ code: 0, stderr: expect.stringContaining('secured drains') });
});
