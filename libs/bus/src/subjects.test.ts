import { expect, test } from 'vitest';
import { eventFilterSubject, eventSubject, parseEventSubject } from './subjects.ts';

const parts = { workflow: 'late.flights', runId: 'r1', entity: 'task', event: 'failed' } as const;

test('an event subject is read back into its parts', () => {
  expect(parseEventSubject(eventSubject(parts))).toEqual(parts);
});

test.each([
  'floe.events',
  'floe.events.w.r.run',
  'floe.events.w.r.worker.died',
  'floe.events.w.r.run.succeeded.more',
  'other.events.w.r.run.succeeded',
  'floe.events.w..run.succeeded',
])('%s is no event subject', (subject) => {
  expect(parseEventSubject(subject)).toBeUndefined();
});

test('an absent part of a filter is any', () => {
  expect(eventFilterSubject({})).toBe('floe.events.*.*.*.*');
  expect(eventFilterSubject({ runId: 'r.1' })).toBe('floe.events.*.r_2E1.*.*');
});
