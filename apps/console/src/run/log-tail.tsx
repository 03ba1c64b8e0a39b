import { useEffect, useRef, useState } from 'react';
import type { LogEntry, TaskRun } from '@floe/client';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { formatLogTime } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import { setQueryField } from '../router.ts';
import { LOG_LEVELS, isAtLeast } from './log-buffer.ts';
import type { LogBuffer, LogLevel } from './log-buffer.ts';
import { useLogs } from './use-logs.ts';

export type LogTailProps = {
  readonly runId: string;
  readonly tasks: readonly TaskRun[];
  /** Only lines of this task; empty for all. */
  readonly taskId: string;
  readonly level: LogLevel;
};

/** The last lines of the log, following its end until the reader scrolls away from it. */
export function LogTail({ runId, tasks, taskId, level }: LogTailProps) {
  const { log, error, retry } = useLogs(runId, taskId);
  const shown = log.entries.filter((entry) => isAtLeast(entry, level));
  return (
    <section className="card logs" aria-labelledby="logs-title">
      <header className="card-head">
        <h2 id="logs-title">Logs</h2>
        <span className="muted">{describe(log, shown.length)}</span>
        <LogFilter tasks={tasks} taskId={taskId} level={level} />
      </header>
      {error !== undefined && (
        <ProblemBanner title="The log broke off." error={error} onRetry={retry} />
      )}
      <LogLines entries={shown} />
    </section>
  );
}

/** Says also what is not shown, so that an empty log is never a riddle. */
function describe({ entries, droppedCount }: LogBuffer, shownCount: number): string {
  const all = entries.length + droppedCount;
  if (all === 0) return 'No lines yet';
  if (shownCount < entries.length) {
    return `${formatCount(shownCount)} of the last ${formatCount(entries.length)} lines; the rest is below the level`;
  }
  return droppedCount > 0
    ? `Last ${formatCount(entries.length)} of ${formatCount(all)} lines`
    : `${formatCount(all)} ${all === 1 ? 'line' : 'lines'}`;
}

type LogFilterProps = Pick<LogTailProps, 'tasks' | 'taskId' | 'level'>;

function LogFilter({ tasks, taskId, level }: LogFilterProps) {
  return (
    <div className="card-tools">
      <select
        data-filter
        aria-label="Task of the log lines"
        value={taskId}
        onChange={(event) => setQueryField('log', event.target.value)}
      >
        <option value="">All tasks</option>
        {tasks.map((task) => (
          <option key={task.taskId}>{task.taskId}</option>
        ))}
      </select>
      <select
        aria-label="Lowest level of the log lines"
        value={level}
        onChange={(event) => setQueryField('level', withoutDefault(event.target.value))}
      >
        {LOG_LEVELS.map((name) => (
          <option key={name} value={name}>
            {name === 'error' ? 'error only' : `${name} and above`}
          </option>
        ))}
      </select>
    </div>
  );
}

function withoutDefault(level: string): string {
  return level === LOG_LEVELS[0] ? '' : level;
}

// A reader whose finger slipped by a line still wants to follow.
const NEAR_END_PX = 24;

function LogLines({ entries }: { readonly entries: readonly LogEntry[] }) {
  const list = useRef<HTMLOListElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const newest = entries.at(-1)?.sequence;
  useEffect(() => {
    if (isFollowing) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [isFollowing, newest]);
  const noteScroll = () => {
    const element = list.current;
    if (element === null) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(below < NEAR_END_PX);
  };
  if (entries.length === 0) return <p className="muted log-empty">Nothing was written here.</p>;
  return (
    <div className="log-frame">
      <ol
        ref={list}
        className="log-lines"
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label="Log lines"
        onScroll={noteScroll}
      >
        {entries.map((entry) => (
          <LogRow key={entry.sequence} entry={entry} />
        ))}
      </ol>
      {!isFollowing && (
        <button type="button" className="button log-follow" onClick={() => setFollowing(true)}>
          <Icon name="down" />
          Newest
        </button>
      )}
    </div>
  );
}

function LogRow({ entry: { line } }: { readonly entry: LogEntry }) {
  const fields = Object.entries(line.fields ?? {});
  return (
    <li data-level={line.level}>
      <time dateTime={line.time} title={line.time}>
        {line.time === undefined ? '' : formatLogTime(line.time)}
      </time>
      <span className="log-level">{line.level}</span>
      <span className="log-task">
        {line.taskId}
        {line.attempt > 1 && ` #${line.attempt}`}
      </span>
      <span className="log-message">
        {line.message}
        {fields.map(([name, value]) => (
          <span key={name} className="log-field">
            {' '}
            {name}={typeof value === 'string' ? value : JSON.stringify(value)}
          </span>
        ))}
      </span>
    </li>
  );
}
