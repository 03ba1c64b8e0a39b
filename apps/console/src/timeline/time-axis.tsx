import { formatDuration } from '../format/duration.ts';
import { ticksOf } from './timeline-rows.ts';
import type { TimeSpan } from './timeline-rows.ts';

// Behind it a label would stand beyond the end.
const LABEL_PART_MAX = 0.95;

/** Lines at round distances from the start, behind rows of bars. */
export function Ticks({ span }: { readonly span: TimeSpan }) {
  return (
    <div className="timeline-ticks" aria-hidden="true">
      {ticksOf(span).map((ms) => {
        const part = ms / (span.endMs - span.startMs);
        return (
          <span key={ms} style={{ left: `${100 * part}%` }}>
            {part < LABEL_PART_MAX && formatDuration(ms)}
          </span>
        );
      })}
    </div>
  );
}

/** Where a bar lies and how long it is, within what is shown. */
export function placeOf({ startMs, endMs }: TimeSpan, span: TimeSpan) {
  const scale = 100 / (span.endMs - span.startMs);
  return { left: `${(startMs - span.startMs) * scale}%`, width: `${(endMs - startMs) * scale}%` };
}
