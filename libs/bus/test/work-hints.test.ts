// Hunts the wake-up that is lost for good, and the message that stops those behind it.
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestNats, type TestNats } from '@floe/testing';
import { createLogger } from '@floe/telemetry';
import { connectBus } from '../src/index.ts';
import type { Bus, HintPlace, WorkHint } from '../src/index.ts';

const WAIT_MS = 1_000;
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

function place(lane: 'slot' | 'light' = 'slot'): HintPlace {
  return { pool: `pool ${crypto.randomUUID()}`, lane };
}

function next(from: HintPlace): Promise<WorkHint | undefined> {
  return bus.nextHint(from, { expiresMs: WAIT_MS });
}

test('wakes as often as it was said, in its own pool and lane only', async () => {
  const here = place();
  const otherLane: HintPlace = { ...here, lane: 'light' };
  bus.publishHints([{ ...here, count: 2 }]);
  for (let index = 0; index < 2; index += 1) {
    const hint = await next(here);
    expect(hint).toBeDefined();
    hint?.ack();
  }
  expect(await next(here)).toBeUndefined();
  expect(await next(otherLane)).toBeUndefined();
});

test('comes again when there was no room for it', async () => {
  const here = place();
  bus.publishHints([{ ...here, count: 1 }]);
  (await next(here))?.retryLater(50);
  const again = await next(here);
  expect(again).toBeDefined();
  again?.ack();
});

test('waits for a hint that is said later, and ends early on a signal', async () => {
  const here = place('light');
  const waiting = bus.nextHint(here, { expiresMs: 5_000 });
  setTimeout(() => bus.publishHints([{ ...here, count: 1 }]), 200);
  expect(await waiting).toBeDefined();
  const stopping = AbortSignal.timeout(100);
  const begunAt = performance.now();
  expect(await bus.nextHint(place(), { expiresMs: 5_000, signal: stopping })).toBeUndefined();
  expect(performance.now() - begunAt).toBeLessThan(3_000);
});

test('drops and counts what is no hint, and goes on to the hint behind it', async () => {
  const here = place();
  const raw = await connect({ servers: nats.url });
  const subject = `floe.internal.hints.${here.pool.replaceAll(' ', '_20')}.slot`;
  raw.publish(subject, 'forged');
  raw.publish(subject, '{"run_id":"1"}');
  await raw.drain();
  bus.publishHints([{ ...here, count: 1 }]);
  const deadlineMs = Date.now() + WITHIN_MS;
  let hint: WorkHint | undefined;
  while (hint === undefined && Date.now() < deadlineMs) hint = await next(here);
  expect(hint).toBeDefined();
  hint?.ack();
  expect(bus.malformedCount).toBe(2);
});

test('works again after JetStream lost everything', async () => {
  const here = place();
  await next(here);
  await nats.wipeAndRestart();
  const deadlineMs = Date.now() + WITHIN_MS;
  let hint: WorkHint | undefined;
  while (hint === undefined && Date.now() < deadlineMs) {
    bus.publishHints([{ ...here, count: 1 }]);
    hint = await next(here);
  }
  expect(hint).toBeDefined();
});
