import type { TaskCounts } from '@floe/client';
import { formatCount } from '../format/quantity.ts';
import { countDone } from '../state/count-done.ts';

/** How many tasks are done, with a bar of what became of them. */
export function TaskProgressBar({ counts }: { readonly counts: TaskCounts }) {
  const parts = partsOf(counts);
  return (
    <span className="progress">
      <span className="progress-text">
        {formatCount(countDone(counts))} / {formatCount(counts.total)}
      </span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect className="progress-rest" width="100" height="4" />
        {segmentsOf(parts, counts.total).map(({ tone, start, length }) => (
          <rect key={tone} data-tone={tone} x={start} width={length} height="4" />
        ))}
      </svg>
    </span>
  );
}

type Parts = {
  readonly good: number;
  readonly bad: number;
  readonly off: number;
  readonly live: number;
};

function partsOf(counts: TaskCounts): Parts {
  return {
    good: counts.succeeded,
    bad: counts.failed + counts.timedOut,
    off: counts.skipped + counts.cancelled + counts.upstreamFailed,
    live: counts.running + counts.retrying,
  };
}

type Segment = { readonly tone: string; readonly start: number; readonly length: number };

function segmentsOf(parts: Parts, total: number): readonly Segment[] {
  const scale = 100 / Math.max(1, total);
  let start = 0;
  return (['good', 'bad', 'off', 'live'] as const).map((tone) => {
    const segment = { tone, start, length: parts[tone] * scale };
    start += segment.length;
    return segment;
  });
}
