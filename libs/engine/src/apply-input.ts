import { assertNever } from '@floe/errors';
import type { Draft } from './draft.ts';
import type { Input, InputType, Refusal } from './input.ts';
import { RUN_ANSWERS, TASK_ANSWERS } from './transition-table.ts';
import { answerApproval } from './transitions/approval.ts';
import { beginAttempt, claimAttempt, finishAttempt, loseAttempt } from './transitions/attempt.ts';
import { cancelRun } from './transitions/cancel.ts';
import { endChild } from './transitions/child.ts';
import { pauseRun, resumeRun } from './transitions/pause.ts';
import { reuseResult, skipReady } from './transitions/reuse.ts';
import { handOut } from './items/lead.ts';
import { settle } from './transitions/settle.ts';
import { startRun } from './transitions/start.ts';
import { ruleOut } from './transitions/void-load.ts';
import { wakeRun } from './transitions/wake.ts';

/**
 * The run state machine. Pure and total: every input in every state gets a change or a named refusal. The rules are
 * numbered in SPEC.md.
 */
export function applyInput(draft: Draft, input: Input): Refusal | undefined {
  const refusal = refuseByTable(draft, input) ?? transit(draft, input);
  if (refusal === undefined) settle(draft);
  return refusal;
}

/** T1: what the table refuses is not looked at any further. */
function refuseByTable(draft: Draft, input: Input): Refusal | undefined {
  const answer = RUN_ANSWERS[draft.run.status][input.type];
  if (answer !== 'look') return answer;
  if (!('task' in input)) return undefined;
  const graphTask = draft.graph.tasks[input.task];
  if (graphTask === undefined) return 'unknown_task';
  const task = draft.task(input.task);
  if ('epoch' in input && !isCurrent(draft, input)) return 'stale_epoch'; // F1
  if (task.voiding !== undefined && VOID_REFUSALS[input.type] !== undefined)
    return VOID_REFUSALS[input.type]; // V3
  const taskAnswer = TASK_ANSWERS[graphTask.work.kind][task.status][input.type];
  return taskAnswer === 'look' ? undefined : taskAnswer;
}

/** What is ready while a load is being ruled out is not the work of the task. */
const VOID_REFUSALS: Readonly<Partial<Record<InputType, Refusal>>> = {
  begin: 'not_running',
  reuse: 'not_ready',
  skip: 'not_ready',
};

/** F1: the newest attempt of a task, or one of several that are live at once. */
function isCurrent(draft: Draft, { task: index, epoch }: { task: number; epoch: number }): boolean {
  const task = draft.task(index);
  if (task.epoch === epoch) return true;
  return task.items?.live.some((chunk) => chunk.epoch === epoch) ?? false;
}

function transit(draft: Draft, input: Input): Refusal | undefined {
  switch (input.type) {
    case 'start':
      return startRun(draft);
    case 'claim':
      return claimAttempt(draft, input);
    case 'hand_out':
      return handOut(draft, input);
    case 'begin':
      return beginAttempt(draft, input);
    case 'finish':
      return finishAttempt(draft, input);
    case 'lost':
      return loseAttempt(draft, input);
    case 'ruled_out':
      return ruleOut(draft, input);
    case 'reuse':
      return reuseResult(draft, input);
    case 'skip':
      return skipReady(draft, input);
    case 'answer':
      return answerApproval(draft, input);
    case 'child_ended':
      return endChild(draft, input);
    case 'pause':
      return pauseRun(draft);
    case 'resume':
      return resumeRun(draft);
    case 'cancel':
      return cancelRun(draft, input);
    case 'wake':
      return wakeRun(draft);
    default:
      return assertNever(input);
  }
}
