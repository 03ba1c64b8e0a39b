import type { Input, Outcome, Refusal } from '@floe/engine';
import type { KnownResult } from '../ports.ts';
import type { RunRecord, StoredAnswer } from '../runs/run-record.ts';

export type ClaimInput = {
  readonly type: 'claim';
  readonly task: number;
  readonly epoch: number;
  readonly executorId: string;
  readonly tokenHash: string;
  /** When the attempt of another task began, which has carried this one out as well. */
  readonly since?: number;
  /** Partitions whose rows the executor has at hand. */
  readonly prefers?: readonly number[];
};

export type FinishInput = {
  readonly type: 'finish';
  readonly task: number;
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly tokenHash: string;
  readonly result: FinishResult;
  /** What became of the tasks that it carried out besides, in their order. */
  readonly followers?: readonly FollowerEnd[];
};

export type FollowerEnd = {
  readonly taskId: string;
  readonly outcome: Outcome;
  readonly result: FinishResult;
};

export type FinishResult = {
  /** When the work began, as its executor says. */
  readonly beganAt?: number;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  readonly dataset?: unknown;
};

export type AnswerInput = {
  readonly type: 'answer';
  readonly task: number;
  readonly answer: Omit<StoredAnswer, 'at'>;
};

/** A result of an earlier run takes the place of an attempt. */
export type ReuseInput = {
  readonly type: 'reuse';
  readonly task: number;
  readonly epoch: number;
  readonly rows: number;
  readonly known: KnownResult;
};

/** What the target database says about a load that nobody has claimed to rule out. */
export type RuledOutInput = {
  readonly type: 'ruled_out';
  readonly task: number;
  readonly epoch: number;
  readonly isVoid: boolean;
  /** Of a load that had taken effect. */
  readonly rows: number;
  readonly bytes: number;
};

type OwnInput = ClaimInput | FinishInput | AnswerInput | ReuseInput | RuledOutInput;
type OtherInput = Exclude<Input, { readonly type: OwnInput['type'] }>;

/** An input of the engine, with what the rows need besides. */
export type CommitInput = OtherInput | OwnInput;

/** The outcome of an attempt as it is submitted: executors name tasks, the engine numbers them. */
export type SubmittedFinish = Omit<FinishInput, 'task'> & { readonly taskId: string };

export type SubmittedAnswer = Omit<AnswerInput, 'task'> & { readonly taskId: string };

export type SubmittedHandout = Omit<Input & { readonly type: 'hand_out' }, 'task'> & {
  readonly taskId: string;
};

export type SubmittedInput =
  | OtherInput
  | RuledOutInput
  | SubmittedFinish
  | SubmittedAnswer
  | SubmittedHandout;

/** The input with the number of its task; undefined when the run has no such task. */
export function numberTask(record: RunRecord, input: SubmittedInput): CommitInput | undefined {
  if (!('taskId' in input)) return input;
  const { taskId, ...rest } = input;
  const task = record.plan.taskIndexes.get(taskId);
  return task === undefined ? undefined : { ...rest, task };
}

export function toEngineInput(input: CommitInput): Input {
  switch (input.type) {
    case 'claim': {
      const { task, epoch, since, prefers } = input;
      const known = {
        ...(since !== undefined && { since }),
        ...(prefers !== undefined && { prefers }),
      };
      return { type: 'claim', task, epoch, ...known };
    }
    case 'finish':
      return { type: 'finish', task: input.task, epoch: input.epoch, outcome: input.outcome };
    case 'ruled_out': {
      const { task, epoch, isVoid, rows } = input;
      return { type: 'ruled_out', task, epoch, isVoid, ...(!isVoid && { rows }) };
    }
    case 'reuse':
      return { type: 'reuse', task: input.task, epoch: input.epoch, rows: input.rows };
    default:
      return input;
  }
}

/** What became of an input. */
export type Verdict =
  | { readonly kind: 'changed' }
  /** The same outcome was accepted before. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly refusal: Refusal | 'wrong_token' }
  /** There is no such run; or a new run was not stored: its request id is known, or another run excludes it. */
  | { readonly kind: 'missing' };

/** The same, with the run after the commit. */
export type CommitResult =
  | (Exclude<Verdict, { kind: 'missing' }> & { readonly record: RunRecord })
  | { readonly kind: 'missing' };
