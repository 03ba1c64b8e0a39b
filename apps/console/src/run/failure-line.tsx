import type { Failure, Run } from '@floe/client';
import { failurePlace } from './failure-place.ts';
import { useDocument } from './use-document.ts';

type FailureLineProps = {
  readonly run: Run;
  readonly taskId: string;
  readonly failure: Failure;
};

/** The line of the task's text that the failure is about, where it names one. */
export function FailureLine({ run, taskId, failure }: FailureLineProps) {
  const value = useDocument(run);
  const place = value === undefined ? undefined : failurePlace(value, taskId, failure.details);
  if (place === undefined) return null;
  const { line, text, column } = place;
  return (
    <pre className="failure-line" aria-label={`Line ${line}`}>
      <span className="muted">{line} </span>
      {text}
      {'\n'}
      <span className="failure-mark" aria-hidden="true">
        {' '.repeat(String(line).length + column)}^
      </span>
    </pre>
  );
}
