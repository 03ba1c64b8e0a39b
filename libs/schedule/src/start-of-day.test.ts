import { expect, test } from 'vitest';
import { startOfDay } from './start-of-day.ts';
import { createZones } from './zone.ts';

const zones = createZones();

test.each([
  ['UTC', '2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['Europe/Oslo', '2026-01-31', '2026-01-30T23:00:00.000Z'],
  ['Europe/Oslo', '2026-03-29', '2026-03-28T23:00:00.000Z'],
  ['Europe/Oslo', '2026-03-30', '2026-03-29T22:00:00.000Z'],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
  // Midnight does not exist on this day in Beirut.
  ['Asia/Beirut', '2025-03-30', '2025-03-29T22:00:00.000Z'],
  // Havana shows the hour from midnight twice: the first one begins the day.
  ['America/Havana', '2025-11-02', '2025-11-02T04:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z'],
])('in %s %s begins at %s', (zone, day, expected) => {
  expect(new Date(startOfDay(zones.find(zone)!, day)!).toISOString()).toBe(expected);
});

test.each(['2026-02-30', '2026-13-01', '26-01-01', 'yesterday'])('%s is no day', (day) => {
  expect(startOfDay(zones.find('UTC')!, day)).toBeUndefined();
});
