import type { ExecutorState, RunState, TaskState } from '@floe/client';
import type { Colors } from '../terminal.ts';
import type { Paint } from './table.ts';

/** A state as people see it: one symbol, the word of the glossary, a colour. */
export type Sight = { readonly symbol: string; readonly word: string; readonly paint: Paint };

const SYMBOLS: Readonly<Record<string, string>> = {
  queued: '○',
  pending: '·',
  ready: '○',
  running: '●',
  retrying: '↻',
  paused: '‖',
  cancelling: '⊘',
  succeeded: '✓',
  failed: '✗',
  cancelled: '⊘',
  timed_out: '✗',
  skipped: '-',
  upstream_failed: '⊘',
};

export function sightOf(state: RunState | TaskState, colors: Colors): Sight {
  const word = state.replace(/^(RUN|TASK)_STATE_/, '').toLowerCase();
  return { symbol: SYMBOLS[word] ?? '?', word, paint: paintOfWord(word, colors) };
}

export function wordOfExecutorState(state: ExecutorState): string {
  return state.replace(/^EXECUTOR_STATE_/, '').toLowerCase();
}

function paintOfWord(word: string, colors: Colors): Paint {
  switch (word) {
    case 'succeeded':
      return colors.green;
    case 'failed':
    case 'timed_out':
      return colors.red;
    case 'running':
      return colors.cyan;
    case 'retrying':
    case 'cancelling':
    case 'cancelled':
    case 'upstream_failed':
      return colors.yellow;
    default:
      return colors.dim;
  }
}

const ENDED_RUN: readonly RunState[] = [
  'RUN_STATE_SUCCEEDED',
  'RUN_STATE_FAILED',
  'RUN_STATE_CANCELLED',
  'RUN_STATE_TIMED_OUT',
];

export function hasRunEnded(state: RunState): boolean {
  return ENDED_RUN.includes(state);
}

const WAITING_TASK: readonly TaskState[] = [
  'TASK_STATE_PENDING',
  'TASK_STATE_READY',
  'TASK_STATE_RUNNING',
  'TASK_STATE_RETRYING',
];

export function hasTaskEnded(state: TaskState): boolean {
  return !WAITING_TASK.includes(state);
}
