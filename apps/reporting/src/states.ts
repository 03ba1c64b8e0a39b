import { FloeError } from '@floe/errors';
import { argumentInvalid } from './arguments.ts';
import { AttemptState, ExecutorState, RunState, TaskState, TriggerKind } from '@floe/rpc/contracts';

/** States are lower-case words in SQL and enumerations in the API; both use the same words. */
export function toRunState(text: string): RunState {
  return fromText(RunState, text);
}

export function toTaskState(text: string): TaskState {
  return fromText(TaskState, text);
}

export function toAttemptState(text: string): AttemptState {
  return fromText(AttemptState, text);
}

export function toExecutorState(text: string): ExecutorState {
  return fromText(ExecutorState, text);
}

export function toTriggerKind(text: string): TriggerKind {
  return fromText(TriggerKind, text);
}

function fromText<Value extends string>(
  words: Readonly<Record<string, Value>>,
  text: string,
): Value {
  const value = words[text.toUpperCase()];
  if (value !== undefined) return value;
  throw new FloeError('INTERNAL', `the control database holds the unknown state '${text}'`);
}

/** The words of SQL for the states that a request asks for. Throws ARGUMENT_INVALID for one that is no state. */
export function toStateTexts(states: readonly RunState[]): string[] {
  return states.map((state) => {
    const isState = state !== RunState.UNSPECIFIED && state !== RunState.UNRECOGNIZED;
    if (isState) return state.replace('RUN_STATE_', '').toLowerCase();
    throw argumentInvalid(
      'states',
      'holds a value that is no state of a run',
      'Use RUN_STATE_QUEUED, RUN_STATE_RUNNING, RUN_STATE_SUCCEEDED, RUN_STATE_FAILED and the like.',
    );
  });
}

const FINAL_RUN_STATES: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
]);

/** Whether a run in this state (as SQL writes it) has ended for good. */
export function isFinalRunState(text: string): boolean {
  return FINAL_RUN_STATES.has(text);
}
