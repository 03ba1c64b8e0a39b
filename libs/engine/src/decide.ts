import { assertNever } from '@floe/errors';
import { Draft } from './draft.ts';
import type { Decision, Input, Refusal, World } from './input.ts';
import {
  cancelRun,
  claimAttempt,
  finishAttempt,
  loseAttempt,
  startRun,
  wakeRun,
} from './transitions.ts';
import { isRunEnded, type RunGraph, type RunState } from './state.ts';

/**
 * The run state machine: `decide(graph, state, input, world) → (state', commands)`. Pure and total: every input in
 * every state gets a change or a named refusal. The rules are numbered in SPEC.md.
 */
export function decide(graph: RunGraph, state: RunState, input: Input, world: World): Decision {
  if (isRunEnded(state.status)) return { kind: 'refused', refusal: 'run_ended' }; // E1
  const draft = new Draft(graph, state, world);
  const refusal = applyInput(draft, input);
  return refusal === undefined ? draft.finish() : { kind: 'refused', refusal };
}

function applyInput(draft: Draft, input: Input): Refusal | undefined {
  switch (input.type) {
    case 'start':
      return startRun(draft);
    case 'claim':
      return claimAttempt(draft, input);
    case 'finish':
      return finishAttempt(draft, input);
    case 'lost':
      return loseAttempt(draft, input);
    case 'cancel':
      return cancelRun(draft, { cause: 'request', reason: input.reason });
    case 'wake':
      return wakeRun(draft);
    default:
      return assertNever(input);
  }
}
