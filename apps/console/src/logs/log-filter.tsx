import type { ReactNode } from 'react';
import type { TaskRun } from '@floe/client';
import { Icon } from '../components/icon.tsx';
import { setQueryField } from '../router.ts';
import { LOG_LEVELS } from './log-buffer.ts';
import type { LogLevel } from './log-buffer.ts';

export type LogFilterProps = {
  readonly tasks: readonly TaskRun[];
  readonly taskId: string;
  readonly attempt: number;
  readonly level: LogLevel;
  readonly text: string;
  /** What else can be done with the lines. */
  readonly children: ReactNode;
};

// A list to choose from that is longer would help nobody: the text finds a task as well.
const TASKS_MAX = 200;

/** Which lines: kept in the address. */
export function LogFilter(props: LogFilterProps) {
  const { tasks, taskId, attempt, level, text, children } = props;
  const listed = tasks.slice(0, TASKS_MAX);
  const isListed = taskId === '' || listed.some((task) => task.taskId === taskId);
  return (
    <div className="card-tools">
      {attempt > 0 && (
        <button
          type="button"
          className="chip"
          aria-pressed="true"
          title="Show the lines of all attempts"
          onClick={() => setQueryField('attempt', '')}
        >
          attempt {attempt}
          <Icon name="close" />
        </button>
      )}
      <input
        type="search"
        data-filter
        aria-label="Text in the log"
        placeholder="Text …"
        value={text}
        onChange={(event) => setQueryField('find', event.target.value)}
      />
      <select
        aria-label="Task of the log lines"
        value={taskId}
        onChange={(event) => setQueryField('log', event.target.value)}
      >
        <option value="">All tasks</option>
        {!isListed && <option>{taskId}</option>}
        {listed.map((task) => (
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
      {children}
    </div>
  );
}

function withoutDefault(level: string): string {
  return level === LOG_LEVELS[0] ? '' : level;
}
