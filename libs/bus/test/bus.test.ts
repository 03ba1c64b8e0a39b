import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { startTestNats, type TestNats } from '@floe/testing';
import { createLogger, newSpanId, newTraceId, parseTraceparent } from '@floe/telemetry';
import { connectBus } from '../src/index.ts';
import type { Bus, FloeEvent, LogLine } from '../src/index.ts';

// Everything awaited here happens within milliseconds, or after a reconnect within seconds.
const WITHIN_MS = 15_000;

const log = createLogger('test', { level: 'silent' });
let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  nats = await startTestNats();
});

afterAll(() => nats.stop());

beforeEach(async () => {
  bus = await connectBus({ urls: [nats.url], name: 'test', log });
});

afterEach(() => bus.stop());

/** Names of their own for each test, so that all may share a server. */
function unique(prefix: string): string {
  return `${prefix}-${crypto.randomUUID()}`;
}

function event(runId: string, sequence: number): FloeEvent {
  return {
    id: `${runId}-${sequence}`,
    workflow: 'late flights',
    runId,
    entity: 'run',
    event: 'succeeded',
    sequence,
    timeMs: 1_790_000_000_000 + sequence,
    data: { rows: 7, name: 'Ærø' },
  };
}

function line(runId: string, taskId: string, message: string): LogLine {
  return { runId, taskId, attempt: 1, timeMs: 1_790_000_000_000, level: 'info', message };
}

/** The first items, or all when no count is given. */
async function take<Item>(
  items: AsyncIterable<Item>,
  count = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + WITHIN_MS;
  while (!(await check())) {
    expect(Date.now()).toBeLessThan(deadlineMs);
    await delay(10);
  }
}

test('events are CloudEvents that a subscriber replays from the start and from any place', async () => {
  const runId = unique('run');
  const sequences = [1, 2, 3];
  for (const sequence of sequences) await bus.publishEvent(event(runId, sequence));
  const all = await take(bus.subscribeEvents({ filter: { runId } }), 3);
  expect(all.map((received) => received.event)).toEqual(sequences.map((one) => event(runId, one)));
  const fromSequence = (all[0]?.streamSequence ?? 0) + 1;
  const rest = await take(bus.subscribeEvents({ filter: { runId }, fromSequence }), 2);
  expect(rest.map((received) => received.event.sequence)).toEqual([2, 3]);
});

test('a subscriber that knows only floe.events.> sees the CloudEvents headers', async () => {
  const runId = unique('run');
  const raw = await connect({ servers: nats.url });
  const subscription = raw.subscribe('floe.events.>', { max: 1 });
  await raw.flush();
  await bus.publishEvent({
    ...event(runId, 1),
    traceparent: `00-${newTraceId()}-${newSpanId()}-01`,
  });
  const [message] = await take(subscription, 1);
  const header = (name: string) => message?.headers?.get(name);
  expect(message?.subject).toBe(`floe.events.late_20flights.${runId}.run.succeeded`);
  expect(header('ce-type')).toBe('io.floe.run.succeeded.v1');
  expect(header('ce-source')).toBe('/workflows/late%20flights');
  expect(header('ce-subject')).toBe(runId);
  expect(header('ce-specversion')).toBe('1.0');
  expect(header('ce-sequence')).toBe('1');
  expect(header('ce-time')).toBe('2026-09-21T14:13:20.001Z');
  expect(header('Nats-Msg-Id')).toBe(header('ce-id'));
  expect(parseTraceparent(header('traceparent'))).toBeDefined();
  await raw.close();
});

test('a watcher of a run is woken by its news and by no others', async () => {
  const runId = unique('run');
  let wakes = 0;
  const watch = bus.watchChanges(runId, () => (wakes += 1));
  await until(() => wakes === 1);
  bus.publishChanges([unique('other'), runId]);
  await until(() => wakes === 2);
  watch.stop();
});

test('log lines are read in order, by run or by task, and followed live', async () => {
  const runId = unique('run');
  const lines = Array.from({ length: 50 }, (_, index) =>
    line(runId, index % 2 === 0 ? 'even' : 'odd', `line ${index}`),
  );
  await bus.publishLogs(lines);
  const messages = async (taskId: string) => {
    const batches = await take(bus.readLogs({ runId, taskId, follow: false }));
    return batches.flatMap((batch) => batch.lines.map((one) => one.message));
  };
  const even = lines.filter((one) => one.taskId === 'even').map((one) => one.message);
  expect(await messages('even')).toEqual(even);
  const whole = await take(bus.readLogs({ runId, follow: false }));
  expect(whole.flatMap((batch) => batch.lines)).toHaveLength(50);
  const fromSequence = (whole.at(-1)?.sequence ?? 0) + 1;
  const live = take(bus.readLogs({ runId, follow: true, fromSequence }), 1);
  await bus.publishLogs([line(runId, 'even', 'late')]);
  expect((await live)[0]?.lines.map((one) => one.message)).toEqual(['late']);
});

test('reading the logs of a run without any ends at once', async () => {
  expect(await take(bus.readLogs({ runId: unique('run'), follow: false }))).toEqual([]);
});

test('following ends when its signal is aborted', async () => {
  const stopping = new AbortController();
  const followed = take(bus.readLogs({ runId: 'none', follow: true, signal: stopping.signal }));
  setTimeout(() => stopping.abort(), 50);
  expect(await followed).toEqual([]);
});

test('a very long line is shortened and its oversized fields are left out', async () => {
  const runId = unique('run');
  const text = 'x'.repeat(100_000);
  await bus.publishLogs([{ ...line(runId, 'task', text), fields: { text } }]);
  const [batch] = await take(bus.readLogs({ runId, follow: false }));
  expect(batch?.lines[0]?.message.length).toBeLessThan(5_000);
  expect(batch?.lines[0]?.fields).toEqual({ truncated: true });
});

test('a stop hint reaches the executor that it names', async () => {
  const executorId = unique('executor');
  const stops: unknown[] = [];
  const control = bus.subscribeControl(executorId, (stop) => stops.push(stop));
  const stop = { runId: 'run', taskId: 'task', epoch: 2 };
  await until(() => {
    bus.publishStop(unique('other'), stop);
    bus.publishStop(executorId, stop);
    return stops.length > 0;
  });
  expect(stops[0]).toEqual(stop);
  control.stop();
});

test('a first connection that does not succeed says so in words', async () => {
  const failed = connectBus({
    urls: ['nats://127.0.0.1:9'],
    name: 'test',
    log,
    connectWithinMs: 500,
  });
  await expect(failed).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
});

test('stores thousands of events in order, each once however often it is published', async () => {
  const runId = unique('run');
  const count = 3_000;
  const all = () => Array.from({ length: count }, (_, index) => event(runId, index + 1));
  await bus.publishEvents(all);
  await bus.publishEvents(() => all().slice(0, 700));
  const events = bus.subscribeEvents({ filter: { runId }, signal: AbortSignal.timeout(WITHIN_MS) });
  const taken = await take(events, count);
  expect(taken.map((one) => one.event)).toEqual(all());
  await bus.publishEvent(event(runId, count + 1));
  expect((await take(bus.subscribeEvents({ filter: { runId } }), count + 1)).at(-1)).toMatchObject({
    event: { sequence: count + 1 },
  });
});

test('leaves out the data of an event that is too large, and holds up none behind it', async () => {
  const runId = unique('run');
  const large = { ...event(runId, 1), data: { text: 'x'.repeat(300_000) } };
  await bus.publishEvents(() => [large, event(runId, 2)]);
  const [first, second] = await take(bus.subscribeEvents({ filter: { runId } }), 2);
  expect(first?.event).toMatchObject({ sequence: 1, data: { omitted: expect.any(String) } });
  expect(second?.event).toEqual(event(runId, 2));
});

test('after a kill of the server, publishing and following go on', async () => {
  const runId = unique('run');
  const stopping = new AbortController();
  const events = bus.subscribeEvents({ filter: { runId }, signal: stopping.signal });
  await bus.publishEvent(event(runId, 1));
  expect((await events.next()).value).toMatchObject({ event: { sequence: 1 } });
  await nats.crashAndRestart();
  await until(async () => {
    const published = bus.publishEvents(() => [event(runId, 2), event(runId, 3)]);
    return published.then(
      () => true,
      () => false,
    );
  });
  expect((await events.next()).value).toMatchObject({ event: { sequence: 2 } });
  stopping.abort();
});

test('after the JetStream folder was deleted everything is made again and works', async () => {
  const runId = unique('run');
  const stopping = new AbortController();
  const events = bus.subscribeEvents({ filter: { runId }, signal: stopping.signal });
  await bus.publishEvent(event(runId, 1));
  await events.next();
  await nats.wipeAndRestart();
  await until(() =>
    bus.publishEvent(event(runId, 2)).then(
      () => true,
      () => false,
    ),
  );
  expect((await events.next()).value).toMatchObject({ event: { sequence: 2 } });
  stopping.abort();
}, 40_000);
