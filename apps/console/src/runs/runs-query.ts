import type { ListRunsOptions, RunState } from '@floe/client';
import { RUN_STATES } from '../state/state-mark.ts';

/** Which runs are shown. It is kept in the address, so a view can be shared and survives going back. */
export type RunsQuery = {
  /** Empty for all. */
  readonly workflowName: string;
  /** Empty for all. */
  readonly states: readonly RunState[];
  /** How long ago they were created at most. */
  readonly since: Since;
};

const HOUR_MS = 3_600_000;
const SINCE_MS = { '': 0, '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS } as const;

export type Since = keyof typeof SINCE_MS;

/** In the order in which they are offered. */
export const SINCES: readonly (readonly [Since, words: string])[] = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
];

const PREFIX = 'RUN_STATE_';

/** Reads `?workflow=late-flights&state=failed&state=timed_out&since=24h`; what it does not know is left out. */
export function parseRunsQuery(search: URLSearchParams): RunsQuery {
  const asked = new Set(search.getAll('state').map((word) => `${PREFIX}${word.toUpperCase()}`));
  return {
    workflowName: search.get('workflow') ?? '',
    states: RUN_STATES.filter((state) => asked.has(state)),
    since: SINCES.find(([since]) => since === search.get('since'))?.[0] ?? '',
  };
}

/** The address of the runs page with this query. */
export function runsAddress({ workflowName, states, since }: RunsQuery): string {
  const search = new URLSearchParams();
  if (workflowName !== '') search.set('workflow', workflowName);
  for (const state of states) search.append('state', state.slice(PREFIX.length).toLowerCase());
  if (since !== '') search.set('since', since);
  const text = search.toString();
  return text === '' ? '/runs' : `/runs?${text}`;
}

/** Whether it leaves no run out. */
export function isForAll(query: RunsQuery): boolean {
  return runsAddress(query) === '/runs';
}

/** The query as the API takes it. */
export function toListOptions(query: RunsQuery, nowMs: number): ListRunsOptions {
  const { workflowName, states, since } = query;
  const fromTime =
    since === '' ? {} : { fromTime: new Date(nowMs - SINCE_MS[since]).toISOString() };
  return { workflowName, states, ...fromTime };
}

/** The same list in a terminal. */
export function toCommand({ workflowName, states, since }: RunsQuery): string {
  const words = ['floe runs list'];
  if (workflowName !== '') words.push(`--workflow ${workflowName}`);
  const names = states.map((state) => state.slice(PREFIX.length).toLowerCase());
  if (names.length > 0) words.push(`--state ${names.join(' ')}`);
  if (since !== '') words.push(`--since ${since}`);
  return words.join(' ');
}

/** Adds the state, or takes it away when it is there. */
export function toggleState(query: RunsQuery, state: RunState): RunsQuery {
  const states = query.states.includes(state)
    ? query.states.filter((one) => one !== state)
    : [...query.states, state];
  return { ...query, states };
}
