import { describe, expect, test } from 'vitest';
import { narrowByType, readListFilter } from './list-filter.ts';

const UTC = { offset: 0, isDownload: false };
const DAY_MS = 86_400_000;

test('nothing said is the newest twenty of all', () => {
  const { request, sortField } = readListFilter(undefined, UTC);
  expect(request).toMatchObject({
    limit: 20,
    skip: 0,
    sortColumn: 'start_timestamp',
    isAscending: false,
    search: '',
    statuses: [],
  });
  expect(sortField).toBe('startTimestamp');
});

test('a download is everything, from the first on', () => {
  const given = { rows: 5, num_of_rows_to_skip: 40 };
  const { request } = readListFilter(given, { offset: 0, isDownload: true });
  expect(request).toMatchObject({ limit: 10_000, skip: 0, isDownload: true });
});

test.each([
  ['workflow_name', 'workflow_name', true],
  ['-workflow_name', 'workflow_name', false],
  ['runStatus:desc', 'run_status', false],
  ['runBy asc', 'run_by', true],
  [{ end_timestamp: -1 }, 'end_timestamp', false],
  [{ job_name: 'asc' }, 'job_name', true],
])('sorts by %j', (sort_val, sortColumn, isAscending) => {
  expect(readListFilter({ sort_val }, UTC).request).toMatchObject({ sortColumn, isAscending });
});

describe('refuses', () => {
  test.each([
    ['workflow_name; drop table run'],
    ['toString'],
    ['workflow_name:sideways'],
    [{ a: 1, b: 1 }],
    [7],
    [['workflow_name']],
  ])('to sort by %j', (sort_val) => {
    expect(() => readListFilter({ sort_val }, UTC)).toThrow(/^sort_val must/);
  });

  test.each([[{ filters: [] }], [{ run_status: 'Done' }], [{ run_status: [3] }]])(
    'filters like %j',
    (given) => {
      const filters = 'filters' in given ? given.filters : given;
      expect(() => readListFilter(filters, UTC)).toThrow(/must be/);
    },
  );
});

test('takes words of status in any case, once each, and All as all', () => {
  const statusesOf = (run_status: unknown) => readListFilter({ run_status }, UTC).request.statuses;
  expect(statusesOf('running, FAILED,running')).toEqual(['Running', 'Failed']);
  expect(statusesOf(['Stopped'])).toEqual(['Stopped']);
  expect(statusesOf('All')).toEqual([]);
});

test('the narrower of two spans of time counts', () => {
  const given = {
    start_date: '2026-01-01',
    filter_start_date: '2026-01-05',
    filter_end_date: '2026-01-06',
  };
  const { request } = narrowByType(readListFilter(given, UTC), given, { offset: 0, now: 0 });
  expect(request.fromTime).toEqual(new Date('2026-01-05T00:00:00Z'));
  expect(request.toTime).toEqual(new Date('2026-01-07T00:00:00Z'));
});

test('a word is a span back from now, and unknown words are refused', () => {
  const now = 100 * DAY_MS;
  const since = (filter_type: string) =>
    narrowByType(readListFilter({}, UTC), { filter_type }, { offset: 0, now }).request.fromTime;
  expect(since('Last 7 days')).toEqual(new Date(93 * DAY_MS));
  expect(since('all')).toBeUndefined();
  expect(() => since('constructor')).toThrow(/^filter_type must be one of/);
});
