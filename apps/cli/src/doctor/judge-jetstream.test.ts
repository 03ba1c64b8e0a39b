import { expect, test } from 'vitest';
import { judgeLags, judgeStore, judgeSync } from './judge-jetstream.ts';

const GIB = 1024 ** 3;

test('says what to do about a JetStream that does not wait for the disk', () => {
  expect(judgeSync(true)).toMatchObject({ result: 'ok', mend: '' });
  expect(judgeSync(false)).toMatchObject({
    result: 'warning',
    mend: expect.stringContaining('sync_interval: always'),
  });
  expect(judgeSync(undefined)).toMatchObject({
    result: 'warning',
    mend: expect.stringContaining('FLOE_NATS_MONITOR_URL'),
  });
});

test('says it before the store is full', () => {
  const facts = { syncsAlways: true, storedBytesMax: 10 * GIB };
  expect(judgeStore({ ...facts, storedBytes: 8 * GIB })).toMatchObject({ result: 'ok' });
  expect(judgeStore({ ...facts, storedBytes: 9 * GIB })).toMatchObject({
    result: 'warning',
    found: '9.0 GiB of 10.0 GiB in use',
    mend: expect.stringContaining('max_file_store'),
  });
  expect(judgeStore({ ...facts, storedBytes: GIB, storedBytesMax: 0 }).result).toBe('ok');
});

test('names the reader of events who is furthest behind', () => {
  const reader = { stream: 'FLOE_EVENTS', consumer: 'floe-openlineage', unacknowledged: 16 };
  const hints = { stream: 'FLOE_HINTS', consumer: 'slot-gpu', unacknowledged: 0, pending: 64 };
  expect(judgeLags([])).toMatchObject({ result: 'ok' });
  expect(judgeLags([{ ...reader, pending: 10_000 }, hints])).toMatchObject({
    result: 'ok',
    found: '1 reader of events, 1 queue of hints, none of them far behind',
  });
  const behind = [
    { ...reader, consumer: 'other', pending: 3 },
    { ...reader, pending: 10_001 },
  ];
  expect(judgeLags(behind)).toMatchObject({
    result: 'warning',
    found: 'floe-openlineage is 10,001 events behind, 16 given out',
    mend: expect.stringContaining('log'),
  });
});
