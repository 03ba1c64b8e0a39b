import { expect, test } from 'vitest';
import {
  formatTraceparent,
  isSampled,
  newSpanId,
  newTraceId,
  parseTraceparent,
} from './trace-context.ts';

const text = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a traceparent is read and written as it is', () => {
  const trace = parseTraceparent(text);
  expect(trace).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
  });
  expect(formatTraceparent(trace!)).toBe(text);
});

test('the sampled flag is bit 0', () => {
  expect(isSampled(parseTraceparent(text)!)).toBe(true);
  expect(isSampled(parseTraceparent(text.replace(/01$/, '02'))!)).toBe(false);
});

test.each([
  '',
  'nonsense',
  text.slice(0, -1),
  text.replace('00-', 'ff-'),
  text.replace('b7ad6b7169203331', '0000000000000000'),
  text.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
])('%j is no traceparent', (malformed) => {
  expect(parseTraceparent(malformed)).toBeUndefined();
});

test('new ids are hex of the right length and differ', () => {
  expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
  expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  expect(newSpanId()).not.toBe(newSpanId());
});
