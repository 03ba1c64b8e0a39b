import type { ReactNode } from 'react';
import type { Answer } from '../use-answer.ts';
import { ProblemBanner } from './problem-banner.tsx';

export type AnsweredProps<Value> = {
  readonly answer: Answer<Value>;
  /** What is read, as in “Reading the workflows …”. */
  readonly what: string;
  readonly children: (value: Value) => ReactNode;
};

/** Shows what was answered; before that says that it is being read, or why it cannot be. */
export function Answered<Value>({ answer, what, children }: AnsweredProps<Value>) {
  const { value, error, reload } = answer;
  const title = value === undefined ? `There is no answer for ${what}.` : 'This may be old.';
  return (
    <>
      {error !== undefined && <ProblemBanner title={title} error={error} onRetry={reload} />}
      {value === undefined && error === undefined && (
        <p className="muted loading">Reading {what} …</p>
      )}
      {value !== undefined && children(value)}
    </>
  );
}
