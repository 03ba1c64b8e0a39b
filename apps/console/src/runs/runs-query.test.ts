import { describe, expect, test } from 'vitest';
import {
  parseRunsQuery,
  runsAddress,
  toCommand,
  toListOptions,
  toggleState,
} from './runs-query.ts';

const parse = (text: string) => parseRunsQuery(new URLSearchParams(text));

describe('the query of the runs page', () => {
  test('is the same after a way through the address', () => {
    const query = parse('workflow=late+flights&state=failed&state=timed_out&since=24h');
    expect(query).toEqual({
      workflowName: 'late flights',
      states: ['RUN_STATE_FAILED', 'RUN_STATE_TIMED_OUT'],
      since: '24h',
    });
    expect(parse(runsAddress(query).slice('/runs?'.length))).toEqual(query);
  });

  test('leaves out what it does not know', () => {
    expect(parse('state=melted&state=queued&since=ever')).toEqual({
      workflowName: '',
      states: ['RUN_STATE_QUEUED'],
      since: '',
    });
  });

  test('asks for all at the bare root', () => {
    expect(runsAddress(parse(''))).toBe('/runs');
  });
});

test('asks the API for runs since an instant, and says how a terminal asks', () => {
  const query = parse('workflow=etl&state=failed&state=timed_out&since=1h');
  expect(toListOptions(query, Date.parse('2026-01-01T01:00:00Z'))).toEqual({
    workflowName: 'etl',
    states: ['RUN_STATE_FAILED', 'RUN_STATE_TIMED_OUT'],
    fromTime: '2026-01-01T00:00:00.000Z',
  });
  expect(toCommand(query)).toBe(
    'floe runs list --workflow etl --state failed timed_out --since 1h',
  );
  expect(toCommand(parse(''))).toBe('floe runs list');
});

test('toggleState adds a state and takes it away again', () => {
  const none = parse('');
  const failed = toggleState(none, 'RUN_STATE_FAILED');
  expect(failed.states).toEqual(['RUN_STATE_FAILED']);
  expect(toggleState(failed, 'RUN_STATE_FAILED')).toEqual(none);
});
