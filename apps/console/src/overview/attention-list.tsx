import type { ReactNode } from 'react';
import { Icon } from '../components/icon.tsx';
import { Instant } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { formatDuration } from '../format/duration.ts';
import { runPath, workflowPath } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import type { StateIcon, Tone } from '../state/state-mark.ts';
import type { Attention, OpenTask } from './attention.ts';

export type AttentionListProps = {
  readonly attention: readonly Attention[];
  /** When this reader was here before; 0 where nobody knows. */
  readonly sinceMs: number;
};

/** What needs a person, most pressing first. */
export function AttentionList({ attention, sinceMs }: AttentionListProps) {
  const fresh = attention.filter((one) => isFresh(one, sinceMs)).length;
  return (
    <section className="card" aria-labelledby="attention-title">
      <header className="card-head">
        <h2 id="attention-title">Needs you</h2>
        <span className="muted">
          {attention.length === 0 ? '' : attention.length}
          {fresh > 0 && `, ${fresh} failed since your last visit`}
        </span>
      </header>
      {attention.length === 0 ? (
        <p className="attention-none">
          <span className="state" data-tone="good">
            <Icon name="check" /> All quiet
          </span>{' '}
          <span className="muted">
            No open failure in seven days, no late schedule, no task that nobody can take.
          </span>
        </p>
      ) : (
        <ul className="attention" data-rows>
          {attention.map((one) => (
            <AttentionRow key={keyOf(one)} attention={one} isFresh={isFresh(one, sinceMs)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function keyOf(attention: Attention): string {
  if (attention.kind === 'failed') return attention.run.runId;
  if (attention.kind === 'late') return attention.schedule.scheduleId;
  return `${attention.task.runId} ${attention.task.taskId}`;
}

function isFresh(attention: Attention, sinceMs: number): boolean {
  if (attention.kind !== 'failed' || sinceMs === 0) return false;
  return Date.parse(attention.run.endTime ?? '') > sinceMs;
}

type AttentionRowProps = { readonly attention: Attention; readonly isFresh: boolean };

function AttentionRow({ attention, isFresh: isNew }: AttentionRowProps) {
  switch (attention.kind) {
    case 'failed':
      return <FailedRow {...attention} isNew={isNew} />;
    case 'waiting':
      return (
        <Row icon="ring" tone="warn" word="nobody can take it" to={taskAddress(attention.task)}>
          <strong>{attention.workflowName}</strong>{' '}
          <span className="muted">{attention.task.taskId}</span>
          <span className="attention-why">{attention.reason}</span>
        </Row>
      );
    case 'approval':
      return (
        <Row icon="pause" tone="warn" word="asks for approval" to={taskAddress(attention.task)}>
          <strong>{attention.workflowName}</strong>{' '}
          <span className="muted">
            {attention.task.taskId} waits for an answer since <Instant at={waitsSince(attention)} />
          </span>
        </Row>
      );
    case 'late':
      return (
        <Row
          icon="clock"
          tone="bad"
          word="late"
          to={`${workflowPath(attention.schedule.workflowName)}?tab=schedules`}
        >
          <strong>{attention.schedule.scheduleId}</strong> should have run{' '}
          {formatDuration(attention.lateMs)} ago
        </Row>
      );
  }
}

const waitsSince = ({ task }: OpenTask) => task.startTime ?? task.readyTime;

type FailedRowProps = Extract<Attention, { kind: 'failed' }> & { readonly isNew: boolean };

function FailedRow({ run, sinceThen, isNew }: FailedRowProps) {
  const { word, icon, tone } = markOf(run.state);
  const failedTask = run.failure?.taskId ?? '';
  const address = failedTask === '' ? '' : `?task=${encodeURIComponent(failedTask)}`;
  return (
    <Row icon={icon} tone={tone} word={word} to={`${runPath(run.runId)}${address}`}>
      <strong>{run.workflowName}</strong> {isNew && <span className="attention-new">new</span>}{' '}
      <span className="muted">
        <Instant at={run.endTime} />
        {sinceThen > 1 && `, ${sinceThen} times since it was good`}
      </span>
      {run.failure !== undefined && (
        <span className="attention-why">
          {failedTask !== '' && `${failedTask}: `}
          {run.failure.message}
        </span>
      )}
    </Row>
  );
}

function taskAddress({ runId, taskId }: { readonly runId: string; readonly taskId: string }) {
  return `${runPath(runId)}?task=${encodeURIComponent(taskId)}`;
}

type RowProps = {
  readonly icon: StateIcon;
  readonly tone: Tone;
  readonly word: string;
  readonly to: string;
  readonly children: ReactNode;
};

function Row({ icon, tone, word, to, children }: RowProps) {
  return (
    <li>
      <Link to={to} data-row>
        <span className="state" data-tone={tone}>
          <Icon name={icon} />
          {word}
        </span>
        <span className="attention-what">{children}</span>
      </Link>
    </li>
  );
}
