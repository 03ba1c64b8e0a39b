import { Icon } from '../components/icon.tsx';
import { formatDuration } from '../format/duration.ts';
import { markOf } from '../state/state-mark.ts';
import { placeOf } from '../timeline/time-axis.tsx';
import type { TimeSpan } from '../timeline/timeline-rows.ts';
import { lengthOf, waitedMs } from './trace-spans.ts';
import type { TraceSpan, Wait } from './trace-spans.ts';

export type TraceRowProps = {
  readonly span: TraceSpan;
  readonly whole: TimeSpan;
  readonly height: number;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isCritical: boolean;
  readonly onTurn: (taskId: string) => void;
  readonly onSelect: (span: TraceSpan) => void;
};

/** One span: what it is, when, and how long. */
export function TraceRow(props: TraceRowProps) {
  const { span, whole, height, isSelected, isCritical, onSelect } = props;
  const { word, icon, tone } = markOf(span.state);
  return (
    <li style={{ height }} data-selected={isSelected} data-kind={span.kind}>
      <span className="trace-name">
        <Turn {...props} />
        <button
          type="button"
          className="trace-select"
          data-row
          aria-pressed={isSelected}
          aria-label={describe(span)}
          title={describe(span)}
          onClick={() => onSelect(span)}
        >
          <span className="state" data-tone={tone} title={word}>
            <Icon name={icon} />
          </span>
          <span className="trace-text">{span.name}</span>
        </button>
        {span.after > 0 && (
          <span className="muted trace-after" aria-hidden="true">
            ↩ #{span.after}
          </span>
        )}
      </span>
      <span className="timeline-track" data-critical={isCritical}>
        {span.waits.map((wait) => (
          <span
            key={wait.kind}
            className="segment queue"
            title={waitWords(wait)}
            style={placeOf(wait, whole)}
          />
        ))}
        <span className="segment run" data-tone={tone} style={placeOf(span, whole)} />
      </span>
      <span className="trace-number muted">
        {span.waits.length > 0 && formatDuration(waitedMs(span))}
      </span>
      <span className="trace-number">{formatDuration(lengthOf(span))}</span>
    </li>
  );
}

function Turn({ span, isOpen, onTurn }: TraceRowProps) {
  if (span.kind !== 'task' || span.childCount === 0) return <span className="trace-turn" />;
  return (
    <button
      type="button"
      className="trace-turn"
      aria-expanded={isOpen}
      aria-label={`Attempts of ${span.taskId}`}
      title={`${span.childCount} ${span.childCount === 1 ? 'attempt' : 'attempts'}`}
      onClick={() => onTurn(span.taskId)}
    >
      {isOpen ? '▾' : '▸'}
    </button>
  );
}

const waitWords = (wait: Wait) =>
  `${wait.kind === 'slot' ? 'waited for a slot' : 'waited to be tried again'} ${formatDuration(lengthOf(wait))}`;

function describe(span: TraceSpan): string {
  const { kind, name, taskId, state, startMs, after, waits } = span;
  const what = kind === 'attempt' ? `${name} of ${taskId}` : `${kind} ${name}`;
  const words = [
    `${what}, ${markOf(state).word} after ${formatDuration(lengthOf(span))}`,
    `from ${new Date(startMs).toISOString()}`,
    ...waits.map(waitWords),
    ...(after > 0 ? [`linked to attempt ${after}`] : []),
  ];
  return words.join('; ');
}
