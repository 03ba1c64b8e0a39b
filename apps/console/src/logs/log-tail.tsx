import { useMemo } from 'react';
import type { TaskRun } from '@floe/client';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { formatCount } from '../format/quantity.ts';
import { hasText, isAtLeast, isOfAttempt } from './log-buffer.ts';
import type { LogBuffer, LogLevel } from './log-buffer.ts';
import { DownloadLog } from './download-log.tsx';
import { LogFilter } from './log-filter.tsx';
import { LogLines } from './log-lines.tsx';
import { useLogs } from './use-logs.ts';

export type LogTailProps = {
  readonly runId: string;
  readonly tasks: readonly TaskRun[];
  /** Only lines of this task; empty for all. */
  readonly taskId: string;
  /** Only lines of this attempt; 0 for all. */
  readonly attempt: number;
  readonly level: LogLevel;
  /** Only lines with this text. */
  readonly text: string;
  /** Sequence of the line that is shown in full; empty for none. */
  readonly line: string;
};

/** The log, following its end until the reader scrolls away from it. */
export function LogTail(props: LogTailProps) {
  const { runId, tasks, taskId, attempt, level, text, line } = props;
  const { log, error, retry } = useLogs(runId, taskId);
  const shown = useMemo(
    () =>
      log.entries.filter(
        (entry) => isAtLeast(entry, level) && isOfAttempt(entry, attempt) && hasText(entry, text),
      ),
    [log, attempt, level, text],
  );
  return (
    <section className="card logs" aria-labelledby="logs-title">
      <header className="card-head">
        <h2 id="logs-title">Logs</h2>
        <span className="muted">{describe(log, shown.length)}</span>
        <LogFilter tasks={tasks} taskId={taskId} attempt={attempt} level={level} text={text}>
          <DownloadLog runId={runId} entries={shown} />
        </LogFilter>
      </header>
      {error !== undefined && (
        <ProblemBanner title="The log broke off." error={error} onRetry={retry} />
      )}
      <LogLines entries={shown} line={line} />
    </section>
  );
}

/** Says also what is not shown, so that an empty log is never a riddle. */
function describe({ entries, droppedCount }: LogBuffer, shownCount: number): string {
  const all = entries.length + droppedCount;
  if (all === 0) return 'No lines';
  if (shownCount < entries.length) {
    return `${formatCount(shownCount)} of the last ${formatCount(entries.length)} lines; the filter hides the rest`;
  }
  return droppedCount > 0
    ? `Last ${formatCount(entries.length)} of ${formatCount(all)} lines`
    : `${formatCount(all)} ${all === 1 ? 'line' : 'lines'}`;
}
