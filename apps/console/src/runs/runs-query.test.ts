import { describe, expect, test } from 'vitest';
import { parseRunsQuery, runsAddress, toggleState } from './runs-query.ts';

const parse = (text: string) => parseRunsQuery(new URLSearchParams(text));

describe('the query of the runs page', () => {
  test('is the same after a way through the address', () => {
    const query = parse('workflow=late+flights&state=failed&state=timed_out');
    expect(query).toEqual({
      workflowName: 'late flights',
      states: ['RUN_STATE_FAILED', 'RUN_STATE_TIMED_OUT'],
    });
    expect(parse(runsAddress(query).slice('/runs?'.length))).toEqual(query);
  });

  test('leaves out states that it does not know', () => {
    expect(parse('state=melted&state=queued').states).toEqual(['RUN_STATE_QUEUED']);
  });

  test('asks for all at the bare root', () => {
    expect(runsAddress({ workflowName: '', states: [] })).toBe('/runs');
  });
});

test('toggleState adds a state and takes it away again', () => {
  const none = parse('');
  const failed = toggleState(none, 'RUN_STATE_FAILED');
  expect(failed.states).toEqual(['RUN_STATE_FAILED']);
  expect(toggleState(failed, 'RUN_STATE_FAILED')).toEqual(none);
});
