import { useNow } from '../clock.ts';
import { formatCount } from '../format/quantity.ts';
import { setQueryFields, useQueryField } from '../router.ts';
import type { RunModel } from '../run/run-model.ts';
import { Ticks } from '../timeline/time-axis.tsx';
import { useVirtualRows } from '../use-virtual-rows.ts';
import { TraceHead } from './trace-head.tsx';
import { TraceRow } from './trace-row.tsx';
import { traceSpans, wholeOf } from './trace-spans.ts';
import type { TraceSpan } from './trace-spans.ts';
import { useOpenTasks } from './use-open-tasks.ts';

export type TraceViewProps = {
  readonly model: RunModel;
  readonly criticalTaskIds: readonly string[];
  readonly selectedTaskId: string;
};

const ROW_HEIGHT = 28;
const ROWS_SHOWN_MAX = 24;

/** The spans of a run as a tree along its time, as far as Floe keeps them itself. */
export function TraceView({ model, criticalTaskIds, selectedTaskId }: TraceViewProps) {
  const { run, tasks } = model;
  const nowMs = useNow(run.endTime === undefined ? 'live' : 'still');
  const { isOpen, turn } = useOpenTasks();
  const spans = traceSpans(model, nowMs, isOpen);
  const opened = new Set(tasks.filter(isOpen).map(({ taskId }) => taskId));
  const critical = new Set(criticalTaskIds);
  const attempt = Number(useQueryField('attempt'));
  const whole = wholeOf(spans);
  const { frame, noteScroll, first, end, before, after } = useVirtualRows<HTMLDivElement>(
    spans.length,
    ROW_HEIGHT,
  );
  const isSelected = (span: TraceSpan) =>
    span.kind !== 'run' && span.taskId === selectedTaskId && span.attempt === (attempt || 0);
  return (
    <section className="card" aria-labelledby="trace-title">
      <TraceHead run={run} spanCount={countSpans(spans)} />
      <div
        ref={frame}
        className="timeline trace"
        style={{ maxHeight: ROW_HEIGHT * ROWS_SHOWN_MAX }}
        onScroll={noteScroll}
        tabIndex={0}
        role="region"
        aria-label="Spans of the run"
      >
        <div className="timeline-inner">
          <p className="trace-columns muted" aria-hidden="true">
            <span>Waited</span>
            <span>Took</span>
          </p>
          <Ticks span={whole} />
          <ol data-rows style={{ paddingTop: before, paddingBottom: after }}>
            {spans.slice(first, end).map((span) => (
              <TraceRow
                key={`${span.kind} ${span.taskId} ${span.attempt}`}
                span={span}
                whole={whole}
                height={ROW_HEIGHT}
                isOpen={opened.has(span.taskId)}
                isSelected={isSelected(span)}
                isCritical={span.kind === 'task' && critical.has(span.taskId)}
                onTurn={turn}
                onSelect={(one) => select(isSelected(one) ? undefined : one)}
              />
            ))}
          </ol>
        </div>
      </div>
      <TraceNote model={model} />
    </section>
  );
}

/** With those of tasks that are closed. */
function countSpans(spans: readonly TraceSpan[]): number {
  const ofTasks = spans.filter(({ kind }) => kind === 'task');
  return ofTasks.reduce((sum, { childCount }) => sum + 1 + childCount, 1);
}

/** The panel beside shows the task of a span, or its attempt. */
function select(span: TraceSpan | undefined): void {
  const { taskId = '', attempt = 0 } = span ?? {};
  setQueryFields({
    task: taskId,
    attempt: attempt === 0 ? '' : String(attempt),
    items: '',
    item: '',
  });
}

function TraceNote({ model: { run, tasks } }: { readonly model: RunModel }) {
  const waiting = tasks.filter(
    ({ startTime, readyTime, endTime }) => (startTime ?? readyTime ?? endTime) === undefined,
  ).length;
  return (
    <p className="trace-note muted">
      {waiting > 0 && `${formatCount(waiting)} tasks have not begun: they have no span. `}
      Floe keeps the spans of runs, tasks and attempts. What an attempt did within (claim, SQL,
      Polars, load) is in the trace that executors export
      {run.traceUrl === '' ? '; with FLOE_JAEGER_URL this page leads to it.' : ', in Jaeger.'}
    </p>
  );
}
