import type { Input, Outcome, Refusal } from '@floe/engine';
import type { RunRecord } from '../runs/run-record.ts';

export type ClaimInput = {
  readonly type: 'claim';
  readonly task: number;
  readonly epoch: number;
  readonly executorId: string;
  readonly tokenHash: string;
};

export type FinishInput = {
  readonly type: 'finish';
  readonly task: number;
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly tokenHash: string;
  readonly result: FinishResult;
};

type OtherInput =
  | { readonly type: 'start' | 'wake' }
  | { readonly type: 'cancel'; readonly reason: string }
  | {
      readonly type: 'lost';
      readonly task: number;
      readonly epoch: number;
      readonly reason: string;
    };

/** An input of the engine, with what the rows need besides. */
export type CommitInput = OtherInput | ClaimInput | FinishInput;

type ByName<Numbered extends { readonly task: number }> = Omit<Numbered, 'task'> & {
  readonly taskId: string;
};

/** An input as it is submitted: executors name tasks, the engine numbers them. */
export type SubmittedInput = OtherInput | ByName<ClaimInput> | ByName<FinishInput>;

/** The input with the number of its task; undefined when the run has no such task. */
export function numberTask(record: RunRecord, input: SubmittedInput): CommitInput | undefined {
  if (input.type !== 'claim' && input.type !== 'finish') return input;
  const { taskId, ...rest } = input;
  const task = record.plan.taskIndexes.get(taskId);
  return task === undefined ? undefined : { ...rest, task };
}

export type FinishResult = {
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  readonly dataset?: unknown;
};

/** How an input ended, with the run after it. */
export type CommitResult =
  | { readonly kind: 'changed'; readonly record: RunRecord }
  /** The same outcome was accepted before. */
  | { readonly kind: 'repeated'; readonly record: RunRecord }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal | 'wrong_token';
      readonly record: RunRecord;
    }
  | { readonly kind: 'missing' };

export function toEngineInput(input: CommitInput): Input {
  switch (input.type) {
    case 'claim':
      return { type: 'claim', task: input.task, epoch: input.epoch };
    case 'finish':
      return { type: 'finish', task: input.task, epoch: input.epoch, outcome: input.outcome };
    default:
      return input;
  }
}
