import { assertNever } from '@floe/errors';
import type { Draft } from './draft.ts';
import type { Input, Refusal } from './input.ts';
import { isRunEnded } from './status.ts';
import { claimAttempt, finishAttempt, loseAttempt } from './transitions/attempt.ts';
import { cancelRun } from './transitions/cancel.ts';
import { startRun } from './transitions/start.ts';
import { wakeRun } from './transitions/wake.ts';

/**
 * The run state machine. Pure and total: every input in every state gets a change or a named refusal. The rules are
 * numbered in SPEC.md.
 */
export function applyInput(draft: Draft, input: Input): Refusal | undefined {
  if (isRunEnded(draft.run.status)) return 'run_ended'; // E1
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
