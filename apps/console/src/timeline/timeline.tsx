import { useNow } from '../clock.ts';
import { Icon } from '../components/icon.tsx';
import { formatDuration } from '../format/duration.ts';
import { parseAttempt } from '../logs/log-buffer.ts';
import { setQueryField, useQueryField } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import type { RunModel } from '../run/run-model.ts';
import { useVirtualRows } from '../use-virtual-rows.ts';
import { Ticks, placeOf } from './time-axis.tsx';
import { spanOf, spanOfAttempt, timelineRows } from './timeline-rows.ts';
import type { Segment, TimeSpan, TimelineRow } from './timeline-rows.ts';

export type TimelineProps = {
  readonly model: RunModel;
  readonly criticalTaskIds: readonly string[];
  readonly selectedTaskId: string;
  readonly onSelect: (taskId: string) => void;
};

const ROW_HEIGHT = 30;
const ROWS_SHOWN_MAX = 18;
const ZOOMS = ['1', '2', '4', '8', '16'];

/** Every task along the time of the run: attempts, waits for a slot, and what decided how long it took. */
export function Timeline({ model, criticalTaskIds, selectedTaskId, onSelect }: TimelineProps) {
  const { run, tasks } = model;
  const nowMs = useNow(run.endTime === undefined ? 'live' : 'still');
  const rows = timelineRows(tasks, nowMs);
  const whole = spanOf(rows, Date.parse(run.createTime ?? ''), nowMs);
  const attempt = parseAttempt(useQueryField('attempt'));
  const span = spanOfAttempt(rows, { taskId: selectedTaskId, attempt }) ?? whole;
  const asked = useQueryField('zoom');
  const zoom = ZOOMS.includes(asked) ? asked : '1';
  const critical = new Set(criticalTaskIds);
  const { frame, noteScroll, first, end, before, after } = useVirtualRows<HTMLDivElement>(
    rows.length,
    ROW_HEIGHT,
  );
  return (
    <section className="card" aria-labelledby="timeline-title">
      <header className="card-head">
        <h2 id="timeline-title">Timeline</h2>
        <span className="timeline-legend muted">
          <span>
            <i className="legend-queue" /> waits for a slot
          </span>
          <span>
            <i className="legend-run" /> runs
          </span>
          <span>
            <i className="legend-critical" /> critical path
          </span>
        </span>
        {span !== whole && (
          <button type="button" className="chip" onClick={() => setQueryField('attempt', '')}>
            attempt {attempt} of {selectedTaskId}
            <Icon name="close" />
          </button>
        )}
        <label className="card-tools">
          <span className="muted">Zoom</span>
          <select
            value={zoom}
            onChange={(event) =>
              setQueryField('zoom', event.target.value === '1' ? '' : event.target.value)
            }
          >
            {ZOOMS.map((factor) => (
              <option key={factor} value={factor}>
                {factor}×
              </option>
            ))}
          </select>
        </label>
      </header>
      <div
        ref={frame}
        className="timeline"
        style={{ maxHeight: ROW_HEIGHT * ROWS_SHOWN_MAX }}
        onScroll={noteScroll}
        tabIndex={0}
        role="region"
        aria-label="Timeline of the tasks"
      >
        <div className="timeline-inner" style={{ width: `${Number(zoom) * 100}%` }}>
          <Ticks span={span} />
          <ol style={{ paddingTop: before, paddingBottom: after }}>
            {rows.slice(first, end).map((row) => (
              <Row
                key={row.task.taskId}
                row={row}
                span={span}
                isCritical={critical.has(row.task.taskId)}
                isSelected={row.task.taskId === selectedTaskId}
                onSelect={onSelect}
              />
            ))}
          </ol>
        </div>
      </div>
    </section>
  );
}

type RowProps = Pick<TimelineProps, 'onSelect'> & {
  readonly row: TimelineRow;
  readonly span: TimeSpan;
  readonly isCritical: boolean;
  readonly isSelected: boolean;
};

function Row({ row: { task, segments }, span, isCritical, isSelected, onSelect }: RowProps) {
  const { taskId, state } = task;
  return (
    <li style={{ height: ROW_HEIGHT }} data-selected={isSelected}>
      <button
        type="button"
        className="timeline-name"
        aria-pressed={isSelected}
        data-task={taskId}
        title={taskId}
        aria-label={`${taskId}, ${markOf(state).word}, ${segments.map(describe).join(', ')}`}
        onClick={() => onSelect(isSelected ? '' : taskId)}
      >
        {taskId}
      </button>
      <span className="timeline-track" data-critical={isCritical}>
        {segments.map((segment) => (
          <span
            key={`${segment.kind} ${segment.attempt}`}
            className={`segment ${segment.kind}`}
            data-tone={markOf(segment.state).tone}
            title={describe(segment)}
            style={placeOf(segment, span)}
          />
        ))}
      </span>
    </li>
  );
}

function describe({ kind, attempt, state, startMs, endMs }: Segment): string {
  const time = formatDuration(endMs - startMs);
  return kind === 'queue'
    ? `attempt ${attempt} waited ${time}`
    : `attempt ${attempt} ${markOf(state).word} after ${time}`;
}
