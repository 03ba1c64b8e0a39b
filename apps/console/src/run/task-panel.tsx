import type { Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Fact } from '../components/fact.tsx';
import { FailureNote } from '../components/failure-note.tsx';
import { Icon } from '../components/icon.tsx';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { TaskArtifacts } from '../data/task-artifacts.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { parseAttempt } from '../logs/log-buffer.ts';
import { useQueryField } from '../router.ts';
import { AttemptFacts, ChooseAttempt } from './attempts.tsx';
import { FailureLine } from './failure-line.tsx';
import { SkippedNote } from './skipped-note.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskColumns } from './task-columns.tsx';
import { TaskItems } from './task-items.tsx';
import { TaskPlan } from './task-plan.tsx';
import { Rate, TaskTimeLeft } from './time-left.tsx';
import { usePanelFocus } from './use-panel-focus.ts';

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
  const panel = usePanelFocus(task.taskId);
  const { workflowName: name, workflowVersion: version } = run;
  const known = useAnswer({
    key: `tasks ${name} ${version}`,
    call: async () => (await floe.getWorkflow(name, { version })).version?.tasks ?? [],
  }).value;
  const number = parseAttempt(useQueryField('attempt'));
  const chosen = task.attempts.find((attempt) => attempt.number === number);
  const ofWorkflow = known?.find(({ taskId }) => taskId === task.taskId);
  return (
    <aside ref={panel} tabIndex={-1} className="card panel" aria-label={`Task ${task.taskId}`}>
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
      {ofWorkflow !== undefined && ofWorkflow.description !== '' && (
        <p dir="auto">{ofWorkflow.description}</p>
      )}
      {task.waitingReason !== undefined && <p className="waiting">{task.waitingReason}</p>}
      {task.state === 'TASK_STATE_SKIPPED' && <SkippedNote run={run} taskId={task.taskId} />}
      <ChooseAttempt taskId={task.taskId} attempts={task.attempts} chosen={chosen} />
      {chosen === undefined ? (
        <>
          <TaskFailure run={run} task={task} />
          <TaskFacts {...props} />
        </>
      ) : (
        <AttemptFacts attempt={chosen} />
      )}
      <TaskActions {...props} />
      <TaskItems run={run} task={task} />
      <TaskArtifacts task={task} />
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

/** For a slot: of the newest attempt, or since the task is ready. */
function Waited({ task }: { readonly task: TaskRun }) {
  const last = task.attempts.at(-1);
  if (last !== undefined) return <Elapsed start={last.readyTime} end={last.claimTime} />;
  return <Elapsed start={task.readyTime} end={task.endTime} />;
}

function TaskFacts({ run, tasks, task }: Pick<TaskPanelProps, 'run' | 'tasks' | 'task'>) {
  const last = task.attempts.at(-1);
  return (
    <dl className="facts">
      <Fact name="Rows">{task.rowsUncounted ? 'uncounted' : formatCount(task.rows)}</Fact>
      <Fact name="Bytes">{formatBytes(task.bytes)}</Fact>
      {task.rows !== '0' && (
        <Fact name="Rate">
          <Rate task={task} />
        </Fact>
      )}
      <Fact name="Elapsed">
        <Elapsed start={task.startTime} end={task.endTime} />
        {task.state === 'TASK_STATE_RUNNING' && (
          <TaskTimeLeft run={run} tasks={tasks} task={task} />
        )}
      </Fact>
      <Fact name="Waited">
        <Waited task={task} />
      </Fact>
      <Fact name="Started">
        <Instant at={task.startTime} />
      </Fact>
      <Fact name="Peak memory">
        {task.peakMemoryBytes === '0' ? <Nothing /> : formatBytes(task.peakMemoryBytes)}
      </Fact>
      {task.nextAttemptTime !== undefined && (
        <Fact name="Next attempt">
          <Instant at={task.nextAttemptTime} />
        </Fact>
      )}
      {last !== undefined && last.executorId !== '' && (
        <Fact name="Executor">
          <code title={last.executorId}>{last.executorId}</code>
        </Fact>
      )}
    </dl>
  );
}
