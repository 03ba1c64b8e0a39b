import type { Attempt, Dataset, TaskRun } from '@floe/client';
import { FailureNote } from '../components/failure-note.tsx';
import { Icon } from '../components/icon.tsx';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { markOf } from '../state/state-mark.ts';
import { formatBytes, formatCount } from '../format/quantity.ts';

export type TaskPanelProps = {
  readonly task: TaskRun;
  readonly onClose: () => void;
  readonly onShowLogs: (taskId: string) => void;
};

/** Everything about one task run. */
export function TaskPanel({ task, onClose, onShowLogs }: TaskPanelProps) {
  const { failure } = task;
  return (
    <aside className="card panel" aria-label={`Task ${task.taskId}`}>
      <header className="card-head">
        <h2 title={task.taskId}>{task.taskId}</h2>
        <button type="button" className="icon-button" onClick={onClose} title="Close (Esc)">
          <Icon name="close" />
          <span className="visually-hidden">Close the task</span>
        </button>
      </header>
      <p className="panel-state">
        <StateBadge state={task.state} />
        <code className="muted">{task.type}</code>
      </p>
      {failure !== undefined && (
        <FailureNote
          state={task.state}
          code={failure.code}
          message={failure.message}
          hint={failure.hint}
        />
      )}
      <TaskFacts task={task} />
      <button type="button" className="button" onClick={() => onShowLogs(task.taskId)}>
        Logs of this task
      </button>
      <Attempts attempts={task.attempts} />
      <Columns dataset={task.dataset} />
    </aside>
  );
}

function TaskFacts({ task }: { readonly task: TaskRun }) {
  return (
    <dl className="facts">
      <div>
        <dt>Rows</dt>
        <dd>{task.rowsUncounted ? 'uncounted' : formatCount(task.rows)}</dd>
      </div>
      <div>
        <dt>Bytes</dt>
        <dd>{formatBytes(task.bytes)}</dd>
      </div>
      <div>
        <dt>Elapsed</dt>
        <dd>
          <Elapsed start={task.startTime} end={task.endTime} />
        </dd>
      </div>
      <div>
        <dt>Peak memory</dt>
        <dd>{task.peakMemoryBytes === '0' ? <Nothing /> : formatBytes(task.peakMemoryBytes)}</dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <Instant at={task.startTime} />
        </dd>
      </div>
      {task.nextAttemptTime !== undefined && (
        <div>
          <dt>Next attempt</dt>
          <dd>
            <Instant at={task.nextAttemptTime} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <section>
      <h3>Attempts</h3>
      <ol className="attempts">
        {attempts.map((attempt) => (
          <AttemptItem key={attempt.attemptId} attempt={attempt} />
        ))}
      </ol>
    </section>
  );
}

function AttemptItem({ attempt }: { readonly attempt: Attempt }) {
  const { failure } = attempt;
  return (
    <li>
      <p className="attempt-line">
        <span className="attempt-number">#{attempt.number}</span>
        <StateBadge state={attempt.state} />
        <span className="attempt-time">
          <Elapsed start={attempt.claimTime} end={attempt.endTime} />
        </span>
      </p>
      <p className="muted attempt-more">
        epoch {attempt.epoch}
        {attempt.executorId !== '' && ` · executor ${attempt.executorId}`}
        {attempt.claimTime !== undefined && (
          <>
            {' · waited '}
            <Elapsed start={attempt.readyTime} end={attempt.claimTime} />
          </>
        )}
        {attempt.peakMemoryBytes !== '0' && ` · ${formatBytes(attempt.peakMemoryBytes)}`}
      </p>
      {failure !== undefined && (
        <p className="reason" data-tone={markOf(attempt.state).tone}>
          <code>{failure.code}</code> {failure.message}
        </p>
      )}
    </li>
  );
}

function Columns({ dataset }: { readonly dataset: Dataset | undefined }) {
  if (dataset === undefined) return null;
  return (
    <section>
      <h3>Output columns</h3>
      <dl className="columns">
        {dataset.columns.map(({ name, type }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{type}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
