import type { AttemptState, ExecutorState, RunState, TaskState } from '@floe/client';

export type StateName = RunState | TaskState | AttemptState | ExecutorState;

/** What a state looks like. The word always stands beside the icon: colour only repeats what they say. */
export type StateMark = {
  readonly word: string;
  readonly icon: StateIcon;
  readonly tone: Tone;
};

export type StateIcon =
  | 'dots'
  | 'ring'
  | 'spin'
  | 'pause'
  | 'stop'
  | 'check'
  | 'cross'
  | 'slash'
  | 'clock'
  | 'again'
  | 'skip'
  | 'blocked'
  | 'lost';

export type Tone = 'wait' | 'live' | 'good' | 'bad' | 'warn' | 'off';

const MARKS: Readonly<Record<string, Omit<StateMark, 'word'>>> = {
  QUEUED: { icon: 'ring', tone: 'wait' },
  PENDING: { icon: 'dots', tone: 'wait' },
  READY: { icon: 'ring', tone: 'wait' },
  RUNNING: { icon: 'spin', tone: 'live' },
  ACTIVE: { icon: 'check', tone: 'good' },
  RETRYING: { icon: 'again', tone: 'warn' },
  PAUSED: { icon: 'pause', tone: 'warn' },
  CANCELLING: { icon: 'stop', tone: 'warn' },
  DRAINING: { icon: 'stop', tone: 'warn' },
  SUCCEEDED: { icon: 'check', tone: 'good' },
  FAILED: { icon: 'cross', tone: 'bad' },
  TIMED_OUT: { icon: 'clock', tone: 'bad' },
  LOST: { icon: 'lost', tone: 'bad' },
  UPSTREAM_FAILED: { icon: 'blocked', tone: 'off' },
  CANCELLED: { icon: 'slash', tone: 'off' },
  SKIPPED: { icon: 'skip', tone: 'off' },
  STOPPED: { icon: 'slash', tone: 'off' },
};

const UNKNOWN: Omit<StateMark, 'word'> = { icon: 'dots', tone: 'wait' };
const PREFIX = /^(RUN|TASK|ATTEMPT|EXECUTOR)_STATE_/;

/** The mark of any state. A state of a newer server keeps its word and gets a plain icon. */
export function markOf(state: StateName): StateMark {
  const name = state.replace(PREFIX, '');
  return { word: name.toLowerCase().replaceAll('_', ' '), ...(MARKS[name] ?? UNKNOWN) };
}

const ENDED_RUN_STATES: ReadonlySet<RunState> = new Set<RunState>([
  'RUN_STATE_SUCCEEDED',
  'RUN_STATE_FAILED',
  'RUN_STATE_CANCELLED',
  'RUN_STATE_TIMED_OUT',
]);

/** Whether nothing will change about the run any more. */
export function hasEnded(state: RunState): boolean {
  return ENDED_RUN_STATES.has(state);
}

/** The states that a run can be in, in the order of its life. */
export const RUN_STATES: readonly RunState[] = [
  'RUN_STATE_QUEUED',
  'RUN_STATE_RUNNING',
  'RUN_STATE_PAUSED',
  'RUN_STATE_CANCELLING',
  'RUN_STATE_SUCCEEDED',
  'RUN_STATE_FAILED',
  'RUN_STATE_CANCELLED',
  'RUN_STATE_TIMED_OUT',
];
