import type { Attempt, Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { FailureNote } from '../components/failure-note.tsx';
import { Icon } from '../components/icon.tsx';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { markOf } from '../state/state-mark.ts';
import { TaskArtifacts } from '../data/task-artifacts.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { FailureLine } from './failure-line.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskColumns } from './task-columns.tsx';
import { TaskItems } from './task-items.tsx';
import { TaskPlan } from './task-plan.tsx';

export type TaskPanelProps = {
  readonly run: Run;
  readonly task: TaskRun;
  readonly tasks: readonly TaskRun[];
  readonly onClose: () => void;
  readonly onShowLogs: (taskId: string) => void;
  readonly onChanged: () => void;
};

/** Everything about one task run. */
export function TaskPanel(props: TaskPanelProps) {
  const { run, task, tasks, onClose } = props;
  const { workflowName: name, workflowVersion: version } = run;
  const known = useAnswer({
    key: `tasks ${name} ${version}`,
    call: async () => (await floe.getWorkflow(name, { version })).version?.tasks ?? [],
  }).value;
  const ofWorkflow = known?.find(({ taskId }) => taskId === task.taskId);
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
      {ofWorkflow !== undefined && ofWorkflow.description !== '' && <p>{ofWorkflow.description}</p>}
      {task.waitingReason !== undefined && <p className="waiting">{task.waitingReason}</p>}
      <TaskFailure run={run} task={task} />
      <TaskFacts task={task} />
      <TaskActions {...props} />
      <TaskItems task={task} />
      <TaskArtifacts task={task} />
      <Attempts attempts={task.attempts} />
      <TaskColumns task={task} tasks={tasks} known={known ?? []} workflowName={name} />
      <TaskPlan run={run} taskId={task.taskId} />
    </aside>
  );
}

function TaskFailure({ run, task }: Pick<TaskPanelProps, 'run' | 'task'>) {
  const { failure, state, taskId } = task;
  if (failure === undefined) return null;
  return (
    <>
      <FailureNote
        state={state}
        code={failure.code}
        message={failure.message}
        hint={failure.hint}
      />
      <FailureLine run={run} taskId={taskId} failure={failure} />
    </>
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
