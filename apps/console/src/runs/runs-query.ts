import type { RunState } from '@floe/client';
import { RUN_STATES } from '../state/state-mark.ts';

/** Which runs are shown. It is kept in the address, so a view can be shared and survives going back. */
export type RunsQuery = {
  /** Empty for all. */
  readonly workflowName: string;
  /** Empty for all. */
  readonly states: readonly RunState[];
};

const PREFIX = 'RUN_STATE_';

/** Reads `?workflow=late-flights&state=failed&state=timed_out`; what it does not know is left out. */
export function parseRunsQuery(search: URLSearchParams): RunsQuery {
  const asked = new Set(search.getAll('state').map((word) => `${PREFIX}${word.toUpperCase()}`));
  return {
    workflowName: search.get('workflow') ?? '',
    states: RUN_STATES.filter((state) => asked.has(state)),
  };
}

/** The address of the runs page with this query. */
export function runsAddress({ workflowName, states }: RunsQuery): string {
  const search = new URLSearchParams();
  if (workflowName !== '') search.set('workflow', workflowName);
  for (const state of states) search.append('state', state.slice(PREFIX.length).toLowerCase());
  const text = search.toString();
  return text === '' ? '/runs' : `/runs?${text}`;
}

/** Adds the state, or takes it away when it is there. */
export function toggleState(query: RunsQuery, state: RunState): RunsQuery {
  const states = query.states.includes(state)
    ? query.states.filter((one) => one !== state)
    : [...query.states, state];
  return { ...query, states };
}
