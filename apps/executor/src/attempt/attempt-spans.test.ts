import type { FinishedSpan } from '@floe/telemetry';
import { expect, test } from 'vitest';
import { spansBelow } from './attempt-spans.ts';

function aSpan(spanId: string, parentSpanId: string): FinishedSpan {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  return {
    name: spanId,
    kind: 'internal',
    traceId,
    spanId,
    parentSpanId,
    traceFlags: 1,
    startMs: 0,
    endMs: 1,
  };
}

test('leaves out what hangs below a span that was never ended (T2)', () => {
  const spans = [
    aSpan('sql', 'extract'),
    aSpan('extract', 'task'),
    aSpan('orphan', 'killed'),
    aSpan('task', 'root'),
  ];
  const names = spansBelow('root', spans).map((span) => span.name);
  expect(names).toEqual(['task', 'extract', 'sql']);
});

test('ends where spans name each other as parents', () => {
  expect(spansBelow('a', [aSpan('b', 'a'), aSpan('a', 'b')])).toHaveLength(2);
});
