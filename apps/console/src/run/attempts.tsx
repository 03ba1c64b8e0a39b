import type { Attempt } from '@floe/client';
import { Fact } from '../components/fact.tsx';
import { FailureNote } from '../components/failure-note.tsx';
import { Icon } from '../components/icon.tsx';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { setQueryField, setQueryFields } from '../router.ts';
import { markOf } from '../state/state-mark.ts';

export type ChooseAttemptProps = {
  readonly taskId: string;
  readonly attempts: readonly Attempt[];
  /** Undefined for the task as a whole. */
  readonly chosen: Attempt | undefined;
};

// More of them fill the panel: a map of many items has an attempt for each chunk.
const CHIPS_MAX = 5;

/** Which attempt the panel, the log and the timeline show; kept in the address. Nothing to choose from a single one. */
export function ChooseAttempt({ taskId, attempts, chosen }: ChooseAttemptProps) {
  if (attempts.length < 2) return null;
  if (attempts.length > CHIPS_MAX) return <AttemptSelect {...{ taskId, attempts, chosen }} />;
  return (
    <div className="attempt-choice" role="group" aria-label="Attempt">
      <button
        type="button"
        className="chip"
        aria-pressed={chosen === undefined}
        onClick={() => setQueryField('attempt', '')}
      >
        All attempts
      </button>
      {attempts.map(({ attemptId, number, state }) => (
        <button
          key={attemptId}
          type="button"
          className="chip"
          aria-pressed={number === chosen?.number}
          title={`Attempt ${number}: ${markOf(state).word}`}
          onClick={() => setQueryFields({ attempt: String(number), log: taskId })}
        >
          <span className="state" data-tone={markOf(state).tone}>
            <Icon name={markOf(state).icon} />#{number}
          </span>
        </button>
      ))}
    </div>
  );
}

function AttemptSelect({ taskId, attempts, chosen }: ChooseAttemptProps) {
  const choose = (number: string) =>
    setQueryFields({ attempt: number, log: number === '' ? '' : taskId });
  return (
    <select
      aria-label="Attempt"
      value={chosen?.number ?? ''}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="">All {attempts.length} attempts</option>
      {attempts.map(({ attemptId, number, state }) => (
        <option key={attemptId} value={number}>
          #{number} {markOf(state).word}
        </option>
      ))}
    </select>
  );
}

/** One attempt: where and how long, and why it did not succeed. */
export function AttemptFacts({ attempt }: { readonly attempt: Attempt }) {
  const { failure, state, rows, bytes, peakMemoryBytes } = attempt;
  return (
    <>
      <p className="panel-state">
        <span className="muted">Attempt {attempt.number}</span>
        <StateBadge state={state} />
      </p>
      {failure !== undefined && (
        <FailureNote
          state={state}
          code={failure.code}
          message={failure.message}
          hint={failure.hint}
        />
      )}
      <dl className="facts">
        <Fact name="Rows">{formatCount(rows)}</Fact>
        <Fact name="Bytes">{formatBytes(bytes)}</Fact>
        <Fact name="Waited">
          <Elapsed start={attempt.readyTime} end={attempt.claimTime} />
        </Fact>
        <Fact name="Ran">
          <Elapsed start={attempt.claimTime} end={attempt.endTime} />
        </Fact>
        <Fact name="Started">
          <Instant at={attempt.claimTime} />
        </Fact>
        <Fact name="Peak memory">
          {peakMemoryBytes === '0' ? <Nothing /> : formatBytes(peakMemoryBytes)}
        </Fact>
        <Fact name="Executor">
          {attempt.executorId === '' ? <Nothing /> : <code>{attempt.executorId}</code>}
        </Fact>
        <Fact name="Epoch">{attempt.epoch}</Fact>
      </dl>
    </>
  );
}
