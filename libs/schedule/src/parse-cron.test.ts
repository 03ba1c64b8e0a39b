import { expect, test } from 'vitest';
import { parseCron } from './parse-cron.ts';

test.each([
  ['', 'a cron line has 5 fields, or 6 with seconds in front; here are 0'],
  ['* * * *', /here are 4/],
  ['60 * * * *', '`60` is not a value of minutes: 0 to 59'],
  ['* 24 * * *', '`24` is not a value of hours: 0 to 23'],
  ['* * 0 * *', '`0` is not a value of days of the month: 1 to 31'],
  ['* * * 13 *', /`13` is not a value of months: 1 to 12 or jan, feb/],
  ['* * * * mno', /`mno` is not a value of weekdays/],
  ['5-1 * * * *', '`5-1` in minutes goes backwards | Write two ranges: 5-59,0-1.'],
  ['*/90 * * * *', /the step \/90 in minutes must be from 1 to 59 \| For a rhythm.*every: 90m/],
  ['*/0 * * * *', /the step \/0/],
  ['1;2 * * * *', /`1;2` in minutes is not understood/],
  ['1,,2 * * * *', /`` in minutes is not understood/],
  ['*-3 * * * *', /is not understood/],
  ['0 0 15W * *', /nearest weekday\) is not supported/],
  ['0 0 L-28 * *', /beyond the shortest month/],
  ['0 0 * * mon#6', /first to the fifth/],
  ['0 0 30 2 *', 'day 30 never comes in the months 2 | The last day of a month is L.'],
  ['0 0 31 2,4,6,9,11 *', /day 31 never comes in the months 2, 4, 6, 9, 11/],
  ['@every 5m', /Write `every: 90m`/],
  ['@reboot', /Known are @yearly/],
  ['* '.repeat(300), /at most 200 characters/],
])('refuses %j in words', (text, expected) => {
  const reading = parseCron(text);
  if (reading.kind !== 'problem') throw new Error(`read ${text}`);
  const words = [reading.message, reading.hint].filter(Boolean).join(' | ');
  expect(words).toMatch(typeof expected === 'string' ? literal(expected) : expected);
});

test.each(['0 0 29 2 *', '0 0 30 2 mon', '0 0 30 1,2 *', '@daily', '0 0 L 2 *', '0 6 * * MON-Fri'])(
  'reads %j',
  (text) => {
    expect(parseCron(text).kind).toBe('cron');
  },
);

test('reads lists, ranges, steps and names', () => {
  const reading = parseCron('5/20 22-23,0-2 1 jan,MAR 5-7');
  if (reading.kind === 'problem') throw new Error(reading.message);
  const { seconds, minutes, hours, months, weekdays } = reading.cron;
  expect({ seconds, minutes, hours }).toEqual({
    seconds: [0],
    minutes: [5, 25, 45],
    hours: [0, 1, 2, 22, 23],
  });
  expect([...months]).toEqual([1, 3]);
  expect([...weekdays.days]).toEqual([5, 6, 0]);
});

function literal(text: string): RegExp {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
}
