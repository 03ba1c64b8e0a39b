import type { Input, Outcome, Refusal } from '@floe/engine';
import type { RunRecord } from '../runs/run-record.ts';

/** An input of the engine, with what the rows need besides. */
export type CommitInput =
  | { readonly type: 'start' | 'wake' }
  | { readonly type: 'cancel'; readonly reason: string }
  | {
      readonly type: 'lost';
      readonly task: number;
      readonly epoch: number;
      readonly reason: string;
    }
  | {
      readonly type: 'claim';
      readonly task: number;
      readonly epoch: number;
      readonly executorId: string;
      readonly tokenHash: string;
    }
  | {
      readonly type: 'finish';
      readonly task: number;
      readonly epoch: number;
      readonly outcome: Outcome;
      readonly tokenHash: string;
      readonly result: FinishResult;
    };

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
