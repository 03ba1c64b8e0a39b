import type { ReactNode } from 'react';
import { markOf } from '../state/state-mark.ts';
import type { StateName } from '../state/state-mark.ts';
import { Icon } from './icon.tsx';

export type FailureNoteProps = {
  /** Of what did not succeed: something that was cancelled is told more quietly than what failed. */
  readonly state: StateName;
  readonly code: string;
  readonly message: string;
  /** What the reader can do now; empty or absent where there is nothing. */
  readonly hint?: string | undefined;
  readonly children?: ReactNode;
};

/** What went wrong, with its code and what mends it. */
export function FailureNote({ state, code, message, hint = '', children }: FailureNoteProps) {
  const { icon, tone } = markOf(state);
  return (
    <div className="failure" data-tone={tone} role="note" aria-label="Why it did not succeed">
      <p className="failure-title">
        <Icon name={icon} />
        <code>{code}</code>
        {children}
      </p>
      <p className="failure-message">{message}</p>
      {hint !== '' && (
        <p className="failure-hint">
          <strong>What helps</strong> {hint}
        </p>
      )}
    </div>
  );
}
